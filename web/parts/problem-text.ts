import { ApiProblem } from '../api/http.ts'

/** What to tell the user when a request has failed. */
export const problemText = (problem: unknown): string =>
  problem instanceof ApiProblem ? problem.message : 'Something went wrong. Please try again.'

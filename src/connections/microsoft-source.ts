import type { ApiSourceSettings } from './google-source.ts'
import { type CalendarProvider, ProviderError } from './provider.ts'

export function makeMicrosoftSource(_settings: ApiSourceSettings): CalendarProvider {
  throw new ProviderError('Microsoft accounts cannot be read yet.', { next: 'retry' })
}

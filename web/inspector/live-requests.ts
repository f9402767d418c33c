import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { InspectorRequest } from '../../src/inspectors/schema.ts'
import { ApiProblem, request } from '../api/http.ts'

export type { InspectorRequest } from '../../src/inspectors/schema.ts'

/** The maximum number of requests shown, which is also the number that the server stores. */
const MAX_REQUESTS = 200

export type LiveRequests = {
  requests: InspectorRequest[] | undefined
  error: Error | null
  /** Whether the stream is connected. */
  live: boolean
}

/** The requests that an inspector has received, newest first. New requests arrive through server-sent events. */
export function useLiveRequests(token: string): LiveRequests {
  const client = useQueryClient()
  const [live, setLive] = useState(false)
  const base = `/api/v1/public/inspect/${encodeURIComponent(token)}`
  const list = useQuery({
    queryKey: ['requests', token],
    queryFn: () => request<{ data: InspectorRequest[] }>(`${base}/requests?limit=100`).then(({ data }) => data),
    retry: (count, error) => count < 3 && !(error instanceof ApiProblem && error.status >= 400 && error.status < 500),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const loaded = list.isSuccess
  useEffect(() => {
    if (!loaded) return
    const newest = client.getQueryData<InspectorRequest[]>(['requests', token])?.[0]?.id ?? 0
    const stream = new EventSource(`${base}/stream?after=${newest}`)
    stream.onopen = () => setLive(true)
    stream.onerror = () => setLive(false)
    stream.onmessage = ({ data }) => {
      const received = JSON.parse(data) as InspectorRequest
      client.setQueryData<InspectorRequest[]>(['requests', token], (known = []) => addNewest(known, received))
    }
    return () => stream.close()
  }, [client, token, base, loaded])
  return { requests: list.data, error: list.error, live }
}

/** A stream that reconnects may send duplicates, so each request is listed only once. */
function addNewest(known: InspectorRequest[], received: InspectorRequest): InspectorRequest[] {
  return [received, ...known.filter(({ id }) => id !== received.id)].sort((a, b) => b.id - a.id).slice(0, MAX_REQUESTS)
}

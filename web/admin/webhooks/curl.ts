/** Headers as pairs, one for each value. */
export function headerLines(headers: Record<string, string | string[]>): [name: string, value: string][] {
  return Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one]))
}

type SentRequest = { url: string | null; headers: Record<string, string | string[]>; body: string }

/** Returns the request as a curl command, without the headers that curl adds itself. */
export function curlOf({ url, headers, body }: SentRequest): string {
  const automatic = /^(host|connection|content-length|accept-encoding|transfer-encoding)$/i
  return [
    `curl -X POST ${quote(url ?? 'http://localhost:4000/hook')}`,
    ...headerLines(headers)
      .filter(([name]) => !automatic.test(name))
      .map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(body ? [`--data-raw ${quote(body)}`] : []),
  ].join(' \\\n  ')
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

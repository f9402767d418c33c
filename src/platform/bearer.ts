/** Returns the API key from an Authorization header (`Bearer bb_…`), or undefined. */
export function readBearer(header: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(header ?? '')?.[1]
}

/** The features that may use a table. */
interface Access {
  /** The feature whose store reads and writes the table. */
  owner: string
  /** The features whose stores may also read it, for joins. */
  readers?: string[]
}

/** Every table in the database. ARCHITECTURE.md mirrors the list, and a test compares both with the migrations. */
export const tableOwners: Record<string, Access> = {
  server_settings: { owner: 'platform' },
  organizations: { owner: 'settings', readers: ['meetings', 'notifications', 'pages'] },
  members: { owner: 'members', readers: ['meeting-types', 'meetings', 'slots'] },
  api_keys: { owner: 'api-keys' },
  api_key_lookup: { owner: 'api-keys' },
  idempotency_keys: { owner: 'access' },
  schedules: { owner: 'schedules', readers: ['members', 'slots'] },
  time_off: { owner: 'schedules', readers: ['slots'] },
  meeting_types: { owner: 'meeting-types', readers: ['members', 'schedules'] },
  meeting_type_hosts: { owner: 'meeting-types', readers: ['meetings', 'members'] },
  pages: { owner: 'pages', readers: ['meeting-types'] },
  page_slugs: { owner: 'pages', readers: ['meeting-types'] },
  page_meeting_types: { owner: 'pages', readers: ['meeting-types'] },
  meetings: { owner: 'meetings', readers: ['deliveries', 'meeting-types', 'members', 'slots'] },
  busy: { owner: 'meetings', readers: ['slots'] },
  attendees: { owner: 'meetings', readers: ['activities', 'deliveries', 'members', 'slots'] },
  attendee_links: { owner: 'meetings' },
  tags: { owner: 'tags', readers: ['meetings'] },
  meeting_tags: { owner: 'meetings', readers: ['tags'] },
  activity_counters: { owner: 'activities' },
  activities: { owner: 'activities', readers: ['deliveries'] },
  webhooks: { owner: 'webhooks', readers: ['deliveries'] },
  deliveries: { owner: 'deliveries' },
  attempts: { owner: 'deliveries' },
  webhook_hours: { owner: 'deliveries', readers: ['webhooks'] },
  replays: { owner: 'deliveries' },
  dispatchers: { owner: 'deliveries' },
  mails: { owner: 'notifications' },
  reminders: { owner: 'notifications' },
  user: { owner: 'accounts' },
  session: { owner: 'accounts' },
  account: { owner: 'accounts' },
  verification: { owner: 'accounts' },
  invitations: { owner: 'accounts' },
  inspectors: { owner: 'inspectors' },
  inspector_tokens: { owner: 'inspectors' },
  inspector_requests: { owner: 'inspectors' },
  account_mails: { owner: 'notifications' },
  password_resets: { owner: 'accounts' },
  erasures: { owner: 'people' },
  meeting_retention: { owner: 'people' },
  sign_in_tries: { owner: 'accounts' },
  audit_entries: { owner: 'audit' },
  budgets: { owner: 'budgets' },
  client_budgets: { owner: 'budgets' },
  twoFactor: { owner: 'accounts' },
  holds: { owner: 'meetings', readers: ['slots'] },
  hold_links: { owner: 'meetings' },
  blocked_attendees: { owner: 'blocking' },
  passkeys: { owner: 'accounts' },
  connections: { owner: 'connections', readers: ['slots'] },
  calendars: { owner: 'connections', readers: ['slots'] },
  calendar_busy: { owner: 'connections', readers: ['slots'] },
  calendar_times: { owner: 'connections', readers: ['slots'] },
  calendar_entries: { owner: 'connections' },
  images: { owner: 'images' },
  calendar_feeds: { owner: 'calendar-feeds' },
  connection_authorizations: { owner: 'connections' },
  token_revocations: { owner: 'connections' },
}

/** The parts of a source file that the SQL check needs. */
interface Statements {
  path: string
  /** The file's text without comments. */
  code: string
}

const TABLE = String.raw`(?:"(\w+)"|(\w+))`
const writeForms = [
  new RegExp(String.raw`\b(?:insert\s+into|update|delete\s+from|merge\s+into)\s+${TABLE}`, 'gi'),
  /\.(?:insertInto|updateTable|deleteFrom|mergeInto)\(\s*'(\w+)/g,
]
const readForms = [
  new RegExp(String.raw`\b(?:from|join|using)\s+${TABLE}`, 'gi'),
  /\.(?:selectFrom|from|using|\w*[jJ]oin)\(\s*\[?\s*'(\w+)/g,
]

/** Finds stores that write to another feature's table, or read one without being listed above. */
export function checkTableOwners(
  files: Iterable<Statements>,
  owners: Record<string, Access> = tableOwners,
): { file: string; message: string }[] {
  const problems: { file: string; message: string }[] = []
  for (const { path, code } of files) {
    const room = /^src\/([^/]+)\/(?:[a-z-]+-)?store\.ts$/.exec(path)?.[1]
    if (!room) continue
    const written = tablesIn(code, writeForms, owners)
    for (const table of tablesIn(code, [...writeForms, ...readForms], owners)) {
      const message = describeAccess(table, { room, isWrite: written.has(table) }, owners)
      if (message) problems.push({ file: path, message })
    }
  }
  return problems
}

function describeAccess(
  table: string,
  { room, isWrite }: { room: string; isWrite: boolean },
  owners: Record<string, Access>,
): string | undefined {
  const { owner = room, readers = [] } = owners[table] ?? {}
  if (room === owner) return undefined
  if (isWrite) return `writes the table ${table}, which belongs to ${owner}: call src/${owner}/service.ts instead`
  if (readers.includes(room)) return undefined
  return `reads the table ${table}, which belongs to ${owner}: call src/${owner}/service.ts, or add ${room} to its readers in scripts/table-owners.ts`
}

function tablesIn(code: string, forms: RegExp[], owners: Record<string, Access>): Set<string> {
  const names = forms.flatMap((form) => [...code.matchAll(form)].map(([, first, second]) => first ?? second ?? ''))
  return new Set(names.filter((name) => name in owners))
}

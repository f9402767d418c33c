/**
 * The tables as the migrations make them, for Kysely. Written by `node scripts/table-types.ts`; do not edit.
 *
 * A select is typed by its columns, a statement in a template by the row that it returns:
 *
 *     tx.selectFrom('tags').select(['id', 'name']).where('organization_id', '=', organization).execute()
 *     sql<Pick<Row<'tags'>, 'id' | 'name'> & { meetings: number }>`select id, name, (…) as meetings from tags …`.execute(tx)
 *
 * An insert and an update take typed objects, so that a column that is added or renamed is a compile error:
 *
 *     tx.insertInto('tags').values({ organization_id: organization, name, created_at } satisfies NewRow<'tags'>)
 *     tx.updateTable('tags').set({ name } satisfies RowChange<'tags'>).where('organization_id', '=', organization)
 *
 * JSON columns are written as text (`JSON.stringify`) and read as `unknown`; give them their type with the row
 * (`Row<'members'> & { limits: Limits }`) or the select (`.$narrowType<{ limits: Limits }>()`). Column values are described in
 * column-parsers.ts.
 */
import type { ColumnType, Generated, GeneratedAlways, InsertType, Selectable, Updateable } from 'kysely'
import type { OrganizationId } from './organization-id.ts'

/** A row as a select returns it. */
export type Row<Name extends keyof Tables> = Selectable<Tables[Name]>

/** A row for an insert. Every column without a default must be there, those that can be null as well. */
export type NewRow<Name extends keyof Tables> = {
  [Column in keyof Tables[Name] as RequiredColumn<Tables[Name], Column>]: InsertType<Tables[Name][Column]>
} & {
  [Column in keyof Tables[Name] as DefaultedColumn<Tables[Name], Column>]?: InsertType<Tables[Name][Column]>
}

/** Columns for an update. */
export type RowChange<Name extends keyof Tables> = Updateable<Tables[Name]>

type DefaultedColumn<Table, Column extends keyof Table> = undefined extends InsertType<Table[Column]> ? Column : never

type RequiredColumn<Table, Column extends keyof Table> = [InsertType<Table[Column]>] extends [never]
  ? never
  : Exclude<Column, DefaultedColumn<Table, Column>>

/** A JSON column: text to write, a parsed value to read. */
type Json = ColumnType<unknown, string, string>

/** A JSON column that can be null. */
type NullableJson = ColumnType<unknown, string | null, string | null>

/** A JSON column with a default. */
type GeneratedJson = ColumnType<unknown, string | undefined, string>

/** Every table with its columns. */
export interface Tables {
  account: {
    id: string
    accountId: string
    providerId: string
    userId: string
    accessToken: string | null
    refreshToken: string | null
    idToken: string | null
    accessTokenExpiresAt: string | null
    refreshTokenExpiresAt: string | null
    scope: string | null
    password: string | null
    createdAt: Generated<string>
    updatedAt: string
  }
  account_mails: {
    id: GeneratedAlways<number>
    user_id: string
    token: Generated<string>
    kind: string
    content: Uint8Array
    status: Generated<'waiting' | 'sent' | 'kept' | 'failed'>
    attempts: Generated<number>
    due_at: string
    expires_at: string
    claim_id: string | null
    claimed_until: string | null
    problem: string | null
    created_at: string
    settled_at: string | null
  }
  activities: {
    organization_id: OrganizationId
    id: number
    position: number
    meeting_id: number
    attendee_id: number | null
    action: string
    created_at: string
    body: string
  }
  activity_counters: {
    organization_id: OrganizationId
    position: Generated<number>
  }
  api_key_lookup: {
    hash: Uint8Array
    organization_id: OrganizationId
    api_key_id: number
  }
  api_keys: {
    organization_id: OrganizationId
    id: GeneratedAlways<number>
    name: string
    hint: string
    created_at: string
    last_used_at: string | null
  }
  attempts: {
    organization_id: OrganizationId
    delivery_id: number
    number: number
    started_at: string
    duration_ms: number
    status: number | null
    response_headers: NullableJson
    response_body: string | null
    response_truncated: Generated<boolean>
    error_kind: string | null
    error_stage: string | null
    error: string | null
  }
  attendee_links: {
    external_id: string
    organization_id: OrganizationId
    attendee_id: number
  }
  attendees: {
    organization_id: OrganizationId
    id: GeneratedAlways<number>
    meeting_id: number
    role: 'host' | 'booker'
    position: number
    member_id: number | null
    email: string
    first_name: string
    last_name: string
    timezone: string
    locale: string | null
    status: 'requested' | 'confirmed' | 'declined' | 'cancelled'
    external_id: string
    utm_source: string | null
    utm_medium: string | null
    utm_campaign: string | null
    utm_content: string | null
    utm_term: string | null
    field_submissions: GeneratedJson
    created_at: string
  }
  busy: {
    organization_id: OrganizationId
    member_id: number
    meeting_id: number
    during: string
  }
  deliveries: {
    organization_id: OrganizationId
    id: GeneratedAlways<number>
    webhook_id: number
    activity_id: number
    meeting_id: number
    replay_id: number | null
    action: string
    status: Generated<'pending' | 'delivered' | 'failed'>
    failure_reason: string | null
    fresh: Generated<boolean>
    ordered: Generated<boolean>
    attempts: Generated<number>
    due_at: string
    claim_id: number | null
    claimed_until: string | null
    created_at: string
    settled_at: string | null
  }
  dispatchers: {
    id: string
    seen_at: string
  }
  idempotency_keys: {
    organization_id: OrganizationId
    scope: string
    route: string
    key: string
    body_hash: string
    status: number | null
    answer: string | null
    created_at: string
  }
  inspector_requests: {
    organization_id: OrganizationId
    id: GeneratedAlways<number>
    inspector_id: number
    received_at: string
    method: string
    headers: Json
    body: string
    body_bytes: number
    signature: 'valid' | 'invalid' | 'unsigned'
    action: string | null
    answered: number
  }
  inspector_tokens: {
    token: string
    opens: 'inbound' | 'page'
    organization_id: OrganizationId
    inspector_id: number
  }
  inspectors: {
    organization_id: OrganizationId
    id: GeneratedAlways<number>
    name: string
    answer_status: number
    inbound_token: string
    page_token: string
    created_at: string
  }
  invitations: {
    organization_id: OrganizationId
    member_id: number
    hash: Uint8Array
    expires_at: string
    created_at: string
    email: string
    mailed: Generated<boolean>
  }
  mails: {
    organization_id: OrganizationId
    id: GeneratedAlways<number>
    token: Generated<string>
    kind: string
    to_name: string
    to_address: string
    content: Json
    status: Generated<'waiting' | 'sent' | 'kept' | 'failed'>
    attempts: Generated<number>
    due_at: string
    expires_at: string
    claim_id: string | null
    claimed_until: string | null
    problem: string | null
    created_at: string
    settled_at: string | null
  }
  meeting_tags: {
    organization_id: OrganizationId
    meeting_id: number
    tag_id: number
  }
  meeting_type_hosts: {
    organization_id: OrganizationId
    meeting_type_id: number
    member_id: number
    position: number
    priority: Generated<number>
  }
  meeting_types: {
    organization_id: OrganizationId
    id: GeneratedAlways<number>
    name: string
    slug: string
    description: string | null
    kind: 'one_on_one' | 'group'
    duration_minutes: number
    location_type: 'place' | 'phone' | 'web_conference' | 'place_user' | 'phone_user' | 'jitsi'
    location: string | null
    assignment: 'fixed' | 'round_robin' | 'joint' | 'attendee_chooses'
    seats: number
    approval: 'automatic' | 'manual'
    schedule_id: number | null
    buffer_before_minutes: Generated<number>
    buffer_after_minutes: Generated<number>
    minimum_notice_minutes: Generated<number>
    booking_window_days: number | null
    booking_from: string | null
    booking_until: string | null
    start_increment_minutes: number | null
    daily_limit: number | null
    fields: GeneratedJson
    reminders: GeneratedJson
    visibility: 'public' | 'hidden' | 'disabled'
    cancellation: Json
    rescheduling: Json
    redirect_url: string | null
    created_at: string
    deleted_at: string | null
  }
  meetings: {
    organization_id: OrganizationId
    id: GeneratedAlways<number>
    meeting_type_id: number
    meeting_type_name: string
    kind: 'one_on_one' | 'group'
    name: string
    location: string | null
    location_type: string
    conference_url: string | null
    conference_password: string | null
    starts_at: string
    ends_at: string
    approved: boolean | null
    confirmed: boolean
    cancelled: boolean
    active: boolean
    ics_sequence: Generated<number>
    created_at: string
  }
  members: {
    organization_id: OrganizationId
    id: GeneratedAlways<number>
    user_id: string | null
    email: string
    first_name: string
    last_name: string
    timezone: string
    role: 'member' | 'manager' | 'admin'
    limits: GeneratedJson
    last_assigned_at: string | null
    created_at: string
    deleted_at: string | null
  }
  migrations: {
    number: number
    name: string
    applied_at: Generated<string>
  }
  organizations: {
    organization_id: GeneratedAlways<OrganizationId>
    name: string
    brand_color: string | null
    logo_url: string | null
    created_at: string
  }
  page_meeting_types: {
    organization_id: OrganizationId
    page_id: number
    meeting_type_id: number
    position: number
  }
  page_slugs: {
    slug: string
    organization_id: OrganizationId
    page_id: number
  }
  pages: {
    organization_id: OrganizationId
    id: GeneratedAlways<number>
    name: string
    slug: string
    description: string | null
    created_at: string
  }
  password_resets: {
    user_id: string
    hash: Uint8Array
    expires_at: string
    created_at: string
  }
  reminders: {
    organization_id: OrganizationId
    attendee_id: number
    starts_at: string
    minutes_before: number
    meeting_id: number
    due_at: string
    status: Generated<'waiting' | 'queued' | 'accepted' | 'told'>
  }
  replays: {
    organization_id: OrganizationId
    id: GeneratedAlways<number>
    webhook_id: number
    since: string
    until: string
    only: 'failed' | 'missed' | 'all'
    queued: Generated<number>
    created_at: string
  }
  schedules: {
    organization_id: OrganizationId
    id: GeneratedAlways<number>
    member_id: number | null
    is_default: Generated<boolean>
    name: string
    timezone: string
    weekly: Json
    overrides: GeneratedJson
    created_at: string
  }
  server_settings: {
    name: string
    value: string
  }
  session: {
    id: string
    expiresAt: string
    token: string
    createdAt: Generated<string>
    updatedAt: string
    ipAddress: string | null
    userAgent: string | null
    userId: string
  }
  tags: {
    organization_id: OrganizationId
    id: GeneratedAlways<number>
    name: string
    created_at: string
  }
  time_off: {
    organization_id: OrganizationId
    id: GeneratedAlways<number>
    member_id: number
    starts_at: string | null
    ends_at: string | null
    starts_on: string | null
    ends_on: string | null
    reason: string | null
    created_at: string
  }
  user: {
    id: string
    name: string
    email: string
    emailVerified: boolean
    image: string | null
    createdAt: Generated<string>
    updatedAt: Generated<string>
  }
  verification: {
    id: string
    identifier: string
    value: string
    expiresAt: string
    createdAt: Generated<string>
    updatedAt: Generated<string>
  }
  webhook_hours: {
    organization_id: OrganizationId
    webhook_id: number
    hour: string
    bucket: number
    succeeded: number
    failed: number
  }
  webhooks: {
    organization_id: OrganizationId
    id: GeneratedAlways<number>
    url: string
    description: string | null
    actions: string[] | null
    headers: Uint8Array | null
    ordering: 'none' | 'meeting'
    concurrency: number
    rate_limit_per_second: number | null
    signing: 'v1' | 'v1a'
    secret: Uint8Array
    public_key: string | null
    previous_secret: Uint8Array | null
    previous_secret_until: string | null
    state: 'enabled' | 'paused' | 'disabled'
    state_reason: string | null
    state_changed_at: string
    revision: Generated<number>
    failing_since: string | null
    failing_attempts: Generated<number>
    warned_at: string | null
    last_failure_at: string | null
    last_failure: string | null
    breaker_failures: Generated<number>
    breaker_open_until: string | null
    breaker_pause_ms: Generated<number>
    created_at: string
    deleted_at: string | null
    sending_changed_at: string
  }
}

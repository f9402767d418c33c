import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { ApiProblem, newIdempotencyKey } from '../api/http.ts'
import {
  type AttendeeView,
  bookMeeting,
  getMeetingType,
  getSlots,
  isPending,
  type MeetingType,
  type NewMeeting,
  type PendingConfirmation,
} from '../api/public-api.ts'
import { useText } from '../i18n/text.tsx'
import { Icon } from '../parts/icon.tsx'
import { monthOf } from '../time/months.ts'
import { clearTimeText, longDate, timeRange, type View } from '../time/wording.ts'
import { dateIn } from '../time/zones.ts'
import { type Address, type ChangeAddress, useAddress } from './address.ts'
import { answerFor, checkDraft, type Draft, type DraftErrors, errorsOf, prefillDraft, toNewMeeting } from './answers.ts'
import { BookingForm } from './booking-form.tsx'
import { Confirmation } from './confirmation.tsx'
import { tellBooked } from './embedding.ts'
import { type InitialData, LoadingCard, Missing, ProblemCard, useBrand, useTitle } from './frame.tsx'
import { HostAvatar, HostAvatars } from './host-avatar.tsx'
import { useHour12 } from './hour-format.tsx'
import { durationText, Fact, fullName, hostNames, OrganizationMark, placeIcon, placeText } from './meeting-facts.tsx'
import type { SlotSource } from './month-slots.ts'
import { Pending } from './pending.tsx'
import { isStartRefused, problemText } from './problem-text.ts'
import { SlotPicker } from './slot-picker.tsx'

type BookViewProps = { page: string; slug: string; initial: Partial<InitialData> }

/** `/{page}/{meeting type}`: choose a time and answer the questions. */
export function BookView({ page: pageSlug, slug, initial }: BookViewProps) {
  const type = useQuery({
    queryKey: ['meeting-type', pageSlug, slug],
    queryFn: () => getMeetingType(pageSlug, slug),
    initialData: initial.meeting_type,
    staleTime: 60_000,
  })
  useBrand(type.data?.organization)

  const failure = type.error
  if (failure instanceof ApiProblem && failure.code === 'meeting_type_disabled')
    return <Missing what="type" page={pageSlug} />
  if (failure instanceof ApiProblem && failure.status === 404) return <Missing what="page" />
  if (failure) return <ProblemCard error={failure} onRetry={() => type.refetch()} />
  if (!type.data) return <LoadingCard />
  return <Booking type={type.data} initial={initial} />
}

type BookingProps = { type: MeetingType; initial: Partial<InitialData> }

function Booking({ type, initial }: BookingProps) {
  const { tag } = useText()
  const [address, change] = useAddress(type.locked_timezone)
  const [hour12, setHour12] = useHour12(tag)
  const view = useMemo<View>(() => ({ tag, zone: address.zone, hour12 }), [tag, address.zone, hour12])
  const host = useHost(type, address)
  const source = useSlotSource(type.page.slug, type.slug, { host, initial: initial.slots })
  const booking = useBooking({ type, source, host, address, change })
  useTitle(useStepTitle(booking.booked, address), type.name, type.organization.name)
  const [again] = useState(() => `/${type.page.slug}/${type.slug}${withoutSlot(location.search)}`)

  if (booking.booked && isPending(booking.booked)) return <Pending pending={booking.booked} view={view} />
  if (booking.booked) return <Confirmation attendee={booking.booked} type={type} view={view} again={again} />
  return (
    <main className={address.slot ? 'card card-form' : 'card card-pick'}>
      {!address.slot && <SkipLink />}
      <Facts type={type} view={view} host={host} slot={address.slot} change={change} />
      {address.slot ? (
        <BookingForm
          type={type}
          draft={booking.draft}
          errors={booking.errors}
          problem={booking.problem}
          sending={booking.sending}
          attempt={booking.attempt}
          onChange={booking.changeDraft}
          onSubmit={booking.submit}
          onBack={() => change({ slot: null })}
        />
      ) : (
        <div className="pick-step">
          {booking.taken && <TakenNotice {...booking.taken} view={view} />}
          <SlotPicker
            source={source}
            address={address}
            change={change}
            view={view}
            onHour12={setHour12}
            showSeats={type.kind === 'group'}
            lastMonth={type.booking_until ? monthOf(type.booking_until) : undefined}
            zoneLocked={type.locked_timezone !== null}
          />
        </div>
      )}
    </main>
  )
}

/** The title of the step after choosing a time. */
function useStepTitle(booked: AttendeeView | PendingConfirmation | undefined, { slot }: Address): string | null {
  const { t } = useText()
  if (booked && isPending(booked)) return t('pending_title')
  if (booked) return t(booked.status === 'requested' ? 'requested_title' : 'booked_title')
  return slot ? t('your_details') : null
}

/** The host whose times are shown if the attendee can choose. The default is the first host. */
function useHost(type: MeetingType, address: Address): number | null {
  if (type.assignment !== 'attendee_chooses') return null
  const asked = type.hosts.find(({ id }) => id === address.host)
  return (asked ?? type.hosts[0])?.id ?? null
}

function useSlotSource(
  page: string,
  slug: string,
  rest: { host: number | null; initial: InitialData['slots'] | undefined },
) {
  const { host, initial } = rest
  return useMemo<SlotSource>(
    () => ({
      key: ['slots', page, slug, host],
      load: (range) => getSlots(page, slug, host === null ? range : { ...range, host }),
      ...(initial && host === null ? { initial } : {}),
    }),
    [page, slug, host, initial],
  )
}

/** A start that cannot be booked, because it is taken, or is not (or no longer) offered. */
type RefusedStart = { start: string; isGone: boolean }

type BookingState = {
  type: MeetingType
  source: SlotSource
  host: number | null
  address: Address
  change: ChangeAddress
}

/** Holds the draft and sends it to the server. If the slot is taken, the calendar is shown again and the draft is kept. */
function useBooking({ type, source, host, address, change }: BookingState) {
  const { t, tag } = useText()
  const client = useQueryClient()
  const [draft, setDraft] = useState<Draft>(() => prefillDraft(location.search, type))
  const { errors, showErrors, attempt, review } = useDraftErrors(type)
  const [problem, setProblem] = useState<string | null>(null)
  const [taken, setTaken] = useState<RefusedStart | null>(null)
  const keyFor = useIdempotencyKey()
  useStartCheck(source, address, (start) => {
    setTaken({ start, isGone: true })
    change({ slot: null })
  })

  const mutation = useMutation({
    mutationFn: (body: NewMeeting) => bookMeeting(type.page.slug, type.slug, body, keyFor(body)),
    onSuccess: (attendee) => {
      if (isPending(attendee)) return
      tellBooked(attendee, type)
      if (type.redirect_url) leaveTo(type.redirect_url)
      else keepAddress(attendee.external_id)
    },
    onError: (error, body) => {
      if (isStartRefused(error)) {
        setTaken({ start: body.start, isGone: error.code !== 'slot_taken' })
        change({ slot: null })
        client.invalidateQueries({ queryKey: source.key })
        return
      }
      const { form, ...fields } = error instanceof ApiProblem ? errorsOf(error, { sent: body, type, t }) : {}
      showErrors(fields)
      setProblem(Object.keys(fields).length > 0 ? (form ?? null) : (form ?? problemText(error, t)))
    },
  })

  const submit = () => {
    const missing = checkDraft(draft, type)
    showErrors(Object.fromEntries(Object.entries(missing).map(([key, message]) => [key, t(message)])))
    setProblem(null)
    if (Object.keys(missing).length > 0 || !address.slot) return
    setTaken(null)
    mutation.mutate(
      toNewMeeting(draft, type, {
        start: address.slot,
        timezone: address.zone,
        locale: tag,
        search: location.search,
        host,
      }),
    )
  }
  const changeDraft = (next: Draft) => {
    setDraft(next)
    review(draft, next)
  }
  const { isPending: sending, data: booked } = mutation
  return { draft, changeDraft, errors, attempt, problem, taken, submit, sending, booked }
}

/**
 * The errors in the answers. An error appears only when the form is submitted, and disappears as soon as its answer is correct.
 */
function useDraftErrors(type: MeetingType) {
  const { t } = useText()
  const [{ errors, attempt }, setShown] = useState<{ errors: DraftErrors; attempt: number }>({ errors: {}, attempt: 0 })
  const showErrors = (found: DraftErrors) => setShown({ errors: found, attempt: attempt + 1 })
  const review = (before: Draft, after: Draft) => {
    const missing = checkDraft(after, type)
    const kept = Object.entries(errors).flatMap(([key, message]): [string, string][] => {
      if (answerFor(before, key) === answerFor(after, key)) return [[key, message]]
      return missing[key] ? [[key, t(missing[key])]] : []
    })
    setShown({ errors: Object.fromEntries(kept), attempt })
  }
  return { errors, showErrors, attempt, review }
}

/** Checks the start in the URL. If it is in the past, taken or was never offered, there is no point in filling in the form. */
function useStartCheck(source: SlotSource, { slot, zone }: Address, onMissing: (start: string) => void): void {
  const [linked] = useState(() => slot && { start: slot, date: dateIn(zone, slot), zone, source })
  const report = useRef(onMissing)
  report.current = onMissing
  useEffect(() => {
    if (!linked) return
    const { start, date, zone: timezone } = linked
    const at = Date.parse(start)
    linked.source.load({ from: date, to: date, timezone }).then(
      ({ slots }) => slots.some((offered) => Date.parse(offered.start) === at) || report.current(start),
      // Without a response, the form stays, because booking checks the start again.
      () => {},
    )
  }, [linked])
}

const withoutSlot = (search: string) => withoutKeys(search, ['slot'])

function withoutKeys(search: string, names: string[]): string {
  const query = new URLSearchParams(search)
  for (const name of names) query.delete(name)
  return query.size > 0 ? `?${query}` : ''
}

/** Sending the same request again (a lost response, a double click) uses the same key. A changed request gets a new key. */
function useIdempotencyKey() {
  const last = useRef({ text: '', key: '' })
  return (body: unknown): string => {
    const text = JSON.stringify(body)
    if (last.current.text !== text) last.current = { text, key: newIdempotencyKey() }
    return last.current.key
  }
}

/**
 * Changes the URL to the meeting's URL, so that a reload shows the meeting and not the form. In a frame, the meeting's page would
 * refuse to load.
 */
function keepAddress(externalId: string): void {
  if (window.parent !== window) return
  history.replaceState(null, '', `/m/${externalId}`)
  // "Back" leads to the calendar, which this page no longer shows.
  addEventListener('popstate', () => location.reload(), { once: true })
}

/**
 * Follows the meeting type's redirect, which can only be a web address. The attendee's link is not passed on, because anyone who
 * has it can cancel the meeting.
 */
function leaveTo(redirect: string | null | undefined): void {
  if (!redirect || !/^https?:\/\//i.test(redirect)) return
  // Leaves the frame if the page is embedded.
  window.open(redirect, '_top')
}

function TakenNotice({ start, isGone, view }: RefusedStart & { view: View }) {
  const { t } = useText()
  return (
    <div className="notice warn taken" role="alert">
      <Icon name="alert" size={18} />
      <p>{t(isGone ? 'start_gone' : 'slot_taken', { time: clearTimeText(start, view) })}</p>
    </div>
  )
}

/** Visible when it has the focus. For keyboard users, the facts and the calendar come before the times. */
function SkipLink() {
  const { t } = useText()
  return (
    <button type="button" className="skip-link" onClick={() => document.getElementById('times-heading')?.focus()}>
      {t('skip')}
    </button>
  )
}

type FactsProps = {
  type: MeetingType
  view: View
  host: number | null
  slot: string | null
  change: ChangeAddress
}

/** The left column: the host, the meeting type, the duration, the place, and the chosen time. */
function Facts({ type, view, host, slot, change }: FactsProps) {
  const { t } = useText()
  const end = slot && new Date(Date.parse(slot) + type.duration_minutes * 60_000).toISOString()
  const choosing = type.assignment === 'attendee_chooses' && type.hosts.length > 1
  return (
    <header className="facts">
      {!slot && <OtherTypes page={type.page} />}
      <OrganizationMark organization={type.organization} />
      <h1 dir="auto">{type.name}</h1>
      <ul className="fact-list">
        {slot && end && (
          <li className="fact chosen-time">
            <Icon name="calendar" size={19} />
            <span>
              <strong>{longDate(slot, view)}</strong>
              <span className="numeric">{timeRange(slot, end, view)}</span>
              <span className="fact-zone">{view.zone.replaceAll('_', ' ')}</span>
            </span>
          </li>
        )}
        {!choosing && type.hosts.length > 0 && (
          <Fact mark={<HostAvatars hosts={type.hosts} />}>{t('with_host', { name: hostNames(type.hosts, t) })}</Fact>
        )}
        <Fact icon="clock">{durationText(type.duration_minutes, t)}</Fact>
        {placeText(type, t) && <Fact icon={placeIcon(type.location_type)}>{placeText(type, t)}</Fact>}
        {type.kind === 'group' && type.seats && <Fact icon="people">{t('group_of', { count: type.seats })}</Fact>}
        {type.approval === 'manual' && <Fact icon="hourglass">{t('needs_approval')}</Fact>}
      </ul>
      {type.description && (
        <p className="description" dir="auto">
          {type.description}
        </p>
      )}
      {choosing && !slot && <HostChoice hosts={type.hosts} host={host} change={change} />}
    </header>
  )
}

/** The link back to the page. On a site that embeds one meeting type, it is shown only to visitors who came from the page. */
function OtherTypes({ page }: Pick<MeetingType, 'page'>) {
  const { t } = useText()
  const path = `/${page.slug}`
  const cameFromPage = document.referrer !== '' && new URL(document.referrer).pathname === path
  if (window.parent !== window && !cameFromPage) return null
  return (
    <a className="button bare small" href={`${path}${withoutChoice(location.search)}`}>
      <Icon name="left" size={16} />
      {t('other_meeting_types')}
    </a>
  )
}

/** The parameters that apply to every meeting type stay: prefill, campaign, language and theme. */
const withoutChoice = (search: string) => withoutKeys(search, ['slot', 'month', 'date', 'host', 'timezone'])

type HostChoiceProps = { hosts: MeetingType['hosts']; host: number | null; change: ChangeAddress }

function HostChoice({ hosts, host, change }: HostChoiceProps) {
  const { t } = useText()
  return (
    <fieldset className="host-choice">
      <legend className="label">{t('choose_host')}</legend>
      {hosts.map((option) => (
        <label key={option.id} className="option">
          <input
            type="radio"
            name="host"
            checked={host === option.id}
            onChange={() => change({ host: option.id, month: null, date: null })}
          />
          <HostAvatar host={option} />
          <span dir="auto">{fullName(option)}</span>
        </label>
      ))}
    </fieldset>
  )
}

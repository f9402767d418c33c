import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { ApiProblem } from '../api/http.ts'
import { type AttendeeView, getAttendee } from '../api/public-api.ts'
import { useText } from '../i18n/text.tsx'
import type { View } from '../time/wording.ts'
import { useAddress } from './address.ts'
import { CancelStep } from './cancel-step.tsx'
import { type InitialData, LoadingCard, Missing, ProblemCard, useBrand } from './frame.tsx'
import { useHour12 } from './hour-format.tsx'
import { type ManageStep, stateOf } from './manage-parts.tsx'
import { RescheduleStep } from './reschedule-step.tsx'
import { ShowStep } from './show-step.tsx'

type ManageViewProps = { externalId: string; step: ManageStep; initial: Partial<InitialData> }

/** `/m/{external_id}` with `/cancel` and `/reschedule`: view, cancel or reschedule one attendee's meeting. */
export function ManageView({ externalId, step, initial }: ManageViewProps) {
  const query = useQuery({
    queryKey: ['attendee', externalId],
    queryFn: () => getAttendee(externalId),
    initialData: initial.attendee,
  })
  const attendee = query.data
  useBrand(attendee?.page?.organization)
  if (query.error instanceof ApiProblem && query.error.status === 404) return <Missing what="meeting" />
  if (query.error && !attendee) return <ProblemCard error={query.error} onRetry={() => query.refetch()} />
  if (!attendee) return <LoadingCard />
  return <Managed attendee={attendee} step={step} />
}

function Managed({ attendee, step: firstStep }: { attendee: AttendeeView; step: ManageStep }) {
  const { tag } = useText()
  const [step, setStep] = useState(firstStep)
  const [done, setDone] = useState<'cancelled' | 'rescheduled' | null>(null)
  const [address, change] = useAddress(attendee.meeting.locked_timezone)
  const [hour12, setHour12] = useHour12(tag)
  const view = useMemo<View>(() => ({ tag, zone: address.zone, hour12 }), [tag, address.zone, hour12])
  const client = useQueryClient()

  const goTo = (next: ManageStep) => {
    const path = `/m/${attendee.external_id}${next === 'show' ? '' : `/${next}`}`
    history.replaceState(null, '', path)
    change({ slot: null, date: null, month: null })
    setStep(next)
  }
  const onDone = (what: 'cancelled' | 'rescheduled', changed: AttendeeView) => {
    client.setQueryData(['attendee', attendee.external_id], changed)
    setDone(what)
    goTo('show')
  }

  const state = stateOf(attendee)
  if (state === 'requested' || state === 'confirmed') {
    const props = { attendee, view, onBack: () => goTo('show') }
    if (step === 'cancel' && attendee.cancellation.allowed)
      return <CancelStep {...props} onDone={(changed) => onDone('cancelled', changed)} />
    if (step === 'reschedule' && attendee.rescheduling.allowed)
      return (
        <RescheduleStep
          {...props}
          address={address}
          change={change}
          onHour12={setHour12}
          onDone={(changed) => onDone('rescheduled', changed)}
        />
      )
  }
  return <ShowStep attendee={attendee} view={view} done={done} step={step} goTo={goTo} />
}

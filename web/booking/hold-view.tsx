import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { ApiProblem } from '../api/http.ts'
import { confirmHold, getHold, type Hold } from '../api/public-api.ts'
import { useText } from '../i18n/text.tsx'
import { Icon } from '../parts/icon.tsx'
import { useFocusOnShow } from '../parts/use-focus-on-show.ts'
import { clearTimeText, longDate, timeRange, type View } from '../time/wording.ts'
import { useAddress } from './address.ts'
import { Badge, type InitialData, LoadingCard, Missing, ProblemCard, useBrand, useTitle } from './frame.tsx'
import { useHour12 } from './hour-format.tsx'
import { MutationProblem, SendButton } from './manage-parts.tsx'
import { OrganizationMark } from './meeting-facts.tsx'

type HoldViewProps = { token: string; initial: Partial<InitialData> }

/**
 * `/m/{token}/confirm`: the page behind the link in the email. Only the button books, because programs that scan emails open
 * links.
 */
export function HoldView({ token, initial }: HoldViewProps) {
  const query = useQuery({ queryKey: ['hold', token], queryFn: () => getHold(token), initialData: initial.hold })
  const hold = query.data
  useBrand(hold?.page?.organization)
  if (query.error instanceof ApiProblem && query.error.status === 404) return <Missing what="link" />
  if (query.error && !hold) return <ProblemCard error={query.error} onRetry={() => query.refetch()} />
  if (!hold) return <LoadingCard />
  return <Held hold={hold} token={token} />
}

function Held({ hold, token }: { hold: Hold; token: string }) {
  const { t, tag } = useText()
  const heading = useFocusOnShow()
  const [address] = useAddress(hold.meeting_type.locked_timezone)
  const [hour12] = useHour12(tag)
  const view = useMemo<View>(() => ({ tag, zone: address.zone, hour12 }), [tag, address.zone, hour12])
  const client = useQueryClient()
  const confirm = useMutation({
    mutationFn: () => confirmHold(token),
    onSuccess: ({ external_id }) => location.replace(`/m/${external_id}`),
    onError: () => client.invalidateQueries({ queryKey: ['hold', token] }),
  })
  useTitle(t(`hold_${hold.status}_title`), hold.meeting_type.name)
  const isPending = hold.status === 'pending_confirmation'
  return (
    <main className="card card-single">
      {hold.page && <OrganizationMark organization={hold.page.organization} />}
      <Badge
        icon={hold.status === 'confirmed' ? 'check' : 'hourglass'}
        tone={hold.status === 'confirmed' ? 'good' : 'warn'}
      />
      <h1 tabIndex={-1} ref={heading}>
        {t(`hold_${hold.status}_title`)}
      </h1>
      <p className="lead">{t(`hold_${hold.status}_text`)}</p>
      <dl className={hold.status === 'expired' ? 'summary struck' : 'summary'}>
        <div>
          <dt>{t('what')}</dt>
          <dd dir="auto">{hold.meeting_type.name}</dd>
        </div>
        <div>
          <dt>{t('when')}</dt>
          <dd>
            <span className="summary-when">{longDate(hold.start, view)}</span>
            <span className="summary-time numeric">{timeRange(hold.start, hold.end, view)}</span>
            <span className="summary-zone">{view.zone.replaceAll('_', ' ')}</span>
          </dd>
        </div>
      </dl>
      <MutationProblem error={confirm.error} />
      {isPending && (
        <>
          <SendButton
            className="button wide"
            sending={confirm.isPending || confirm.isSuccess}
            label={t(confirm.isPending ? 'confirming' : 'confirm_and_book')}
            onClick={() => confirm.mutate()}
          />
          <p>{t('held_until', { time: clearTimeText(hold.expires_at, view) })}</p>
        </>
      )}
      {hold.status === 'confirmed' && hold.external_id && (
        <a className="button wide" href={`/m/${hold.external_id}`}>
          {t('show_meeting')}
        </a>
      )}
      {hold.status === 'expired' && hold.page && (
        <a className="button wide" href={`/${hold.page.slug}/${hold.meeting_type.slug}`}>
          <Icon name="calendar" size={18} />
          {t('book_again')}
        </a>
      )}
    </main>
  )
}

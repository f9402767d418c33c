import { useQuery } from '@tanstack/react-query'
import { mediumOf } from '../../src/places/schema.ts'
import { ApiProblem } from '../api/http.ts'
import { getPage, type MeetingTypeSummary, type Page } from '../api/public-api.ts'
import { useText } from '../i18n/text.tsx'
import { Icon } from '../parts/icon.tsx'
import { type InitialData, LoadingCard, Missing, ProblemCard, useBrand, useTitle } from './frame.tsx'
import { durationText, OrganizationMark, placeIcon, placeText } from './meeting-facts.tsx'

/** `/{page}`: a person's or team's meeting types. */
export function PageView({ slug, initial }: { slug: string; initial: Partial<InitialData> }) {
  const page = useQuery({ queryKey: ['page', slug], queryFn: () => getPage(slug), initialData: initial.page })
  useBrand(page.data?.organization)
  if (page.error instanceof ApiProblem && page.error.status === 404) return <Missing what="page" />
  if (page.error) return <ProblemCard error={page.error} onRetry={() => page.refetch()} />
  if (!page.data) return <LoadingCard />
  return <MeetingTypes page={page.data} />
}

function MeetingTypes({ page }: { page: Page }) {
  const { t } = useText()
  useTitle(page.name, page.organization.name === page.name ? null : page.organization.name)
  return (
    <main className="team">
      <header className="team-head">
        {page.organization.name !== page.name && <OrganizationMark organization={page.organization} />}
        <h1 dir="auto">{page.name}</h1>
        <p className="lead" dir="auto">
          {page.description || t(page.meeting_types.length ? 'choose_meeting_type' : 'no_meeting_types')}
        </p>
      </header>
      <ul className="type-list">
        {page.meeting_types.map((type) => (
          <TypeCard key={type.slug} page={page} type={type} />
        ))}
      </ul>
    </main>
  )
}

function TypeCard({ page, type }: { page: Page; type: MeetingTypeSummary }) {
  const { t } = useText()
  const place = mediumOf(type.location_type) === 'video' ? t('web_conference') : placeText(type, t)
  return (
    <li>
      {/* The query is passed on, because prefill, campaign, language and theme apply to every page. */}
      <a className="type-card" href={`/${page.slug}/${type.slug}${location.search}`}>
        <span className="type-card-text">
          <h2 dir="auto">{type.name}</h2>
          {type.description && (
            <span className="type-card-description" dir="auto">
              {type.description}
            </span>
          )}
          <span className="type-card-facts">
            <span>
              <Icon name="clock" size={16} />
              {durationText(type.duration_minutes, t)}
            </span>
            {place && (
              <span>
                <Icon name={placeIcon(type.location_type)} size={16} />
                <span dir="auto">{place}</span>
              </span>
            )}
          </span>
        </span>
        <Icon name="arrow" size={20} />
      </a>
    </li>
  )
}

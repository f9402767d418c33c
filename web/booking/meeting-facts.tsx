import type { ReactNode } from 'react'
import { givenBy, type Medium, mediumOf } from '../../src/places/schema.ts'
import type { Host, LocationType, MeetingTypeSummary, Organization } from '../api/public-api.ts'
import type { Translate } from '../i18n/translate.ts'
import { Icon, type IconName } from '../parts/icon.tsx'

/** `30 minutes`, `2 hours`, `1 h 30 min`. */
export function durationText(minutes: number, t: Translate): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours === 0) return t('minutes', { count: minutes })
  return rest === 0 ? t('hours', { count: hours }) : t('hours_minutes', { hours, minutes: rest })
}

export const fullName = ({ first_name, last_name }: { first_name: string; last_name: string }): string =>
  `${first_name} ${last_name}`.trim()

export function hostNames(hosts: Pick<Host, 'first_name' | 'last_name'>[], t: Translate): string {
  const names = hosts.map(fullName)
  const [first = '', ...others] = names
  if (names.length <= 3) return names.join(', ')
  return t('and_more_hosts', { name: first, count: others.length })
}

const mediumIcons: Record<Medium, IconName> = { in_person: 'pin', phone: 'phone', video: 'video' }

export const placeIcon = (type: LocationType): IconName => mediumIcons[mediumOf(type)]

/** Returns where the meeting will take place, as far as this is known before it is booked. */
export function placeText(
  { location_type, location }: Pick<MeetingTypeSummary, 'location_type' | 'location'>,
  t: Translate,
) {
  const isByAttendee = givenBy(location_type) === 'attendee'
  switch (mediumOf(location_type)) {
    case 'in_person':
      return isByAttendee ? t('place_by_you') : (location ?? '')
    case 'phone':
      if (isByAttendee) return t('phone_by_you')
      return location ? `${t('phone_call')} · ${location}` : t('phone_call')
    case 'video':
      return t('web_conference_details')
  }
}

/** One fact with an icon, or with another symbol. */
export function Fact({ children, ...given }: { children: ReactNode } & ({ icon: IconName } | { mark: ReactNode })) {
  return (
    <li className="fact">
      {'icon' in given ? <Icon name={given.icon} size={19} /> : given.mark}
      <span dir="auto">{children}</span>
    </li>
  )
}

/** The organization's logo or initial, and its name. */
export function OrganizationMark({ organization }: { organization: Organization }) {
  return (
    <div className="organization">
      {organization.logo_url ? (
        <img className="organization-logo" src={organization.logo_url} alt="" />
      ) : (
        <span className="organization-initial" aria-hidden="true">
          {[...organization.name][0]?.toUpperCase()}
        </span>
      )}
      <span className="organization-name" dir="auto">
        {organization.name}
      </span>
    </div>
  )
}

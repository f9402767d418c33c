import type { LinkProps } from '@tanstack/react-router'
import type { Role } from '../client/api.ts'
import type { IconName } from '../parts/icon.tsx'

export type Place = { to: LinkProps['to']; title: string; icon: IconName; needs: Role }

/** The navigation at the side: daily work first, then settings. Pages that a role may not use are not shown. */
export const places: { work: Place[]; settings: Place[] } = {
  work: [
    { to: '/meetings', title: 'Meetings', icon: 'meetings', needs: 'member' },
    { to: '/availability', title: 'Availability', icon: 'clock', needs: 'member' },
    { to: '/meeting-types', title: 'Meeting types', icon: 'types', needs: 'member' },
    { to: '/pages', title: 'Pages', icon: 'pages', needs: 'member' },
    { to: '/members', title: 'Members', icon: 'people', needs: 'admin' },
    { to: '/tags', title: 'Tags', icon: 'tags', needs: 'admin' },
  ],
  settings: [
    { to: '/settings/webhooks', title: 'Webhooks', icon: 'webhooks', needs: 'admin' },
    { to: '/settings/inspectors', title: 'Inspectors', icon: 'inspectors', needs: 'admin' },
    { to: '/settings/api-keys', title: 'API keys', icon: 'keys', needs: 'admin' },
    { to: '/settings/organization', title: 'Organization', icon: 'organization', needs: 'admin' },
    { to: '/settings/blocked', title: 'Blocked attendees', icon: 'stop', needs: 'admin' },
    { to: '/settings/privacy', title: 'Privacy', icon: 'privacy', needs: 'admin' },
    { to: '/settings/audit-log', title: 'Audit log', icon: 'audit', needs: 'admin' },
    { to: '/settings/mailbox', title: 'Mailbox', icon: 'mailbox', needs: 'admin' },
  ],
}

import type { LinkProps } from '@tanstack/react-router'
import type { Role } from '../client/api.ts'
import type { AdminKey } from '../i18n/catalog.ts'
import type { IconName } from '../parts/icon.tsx'

export type Place = { to: LinkProps['to']; text: AdminKey; icon: IconName; needs: Role }

/** The side navigation: daily work first, then settings. Pages that a role may not use are hidden. */
export const places: { work: Place[]; settings: Place[] } = {
  work: [
    { to: '/meetings', text: 'shell.meetings', icon: 'meetings', needs: 'member' },
    { to: '/availability', text: 'shell.availability', icon: 'clock', needs: 'member' },
    { to: '/meeting-types', text: 'shell.meeting_types', icon: 'types', needs: 'member' },
    { to: '/pages', text: 'shell.pages', icon: 'pages', needs: 'member' },
    { to: '/members', text: 'shell.members', icon: 'people', needs: 'admin' },
    { to: '/tags', text: 'shell.tags', icon: 'tags', needs: 'admin' },
  ],
  settings: [
    { to: '/settings/webhooks', text: 'shell.webhooks', icon: 'webhooks', needs: 'admin' },
    { to: '/settings/inspectors', text: 'shell.inspectors', icon: 'inspectors', needs: 'admin' },
    { to: '/settings/api-keys', text: 'shell.api_keys', icon: 'keys', needs: 'admin' },
    { to: '/settings/organization', text: 'shell.organization', icon: 'organization', needs: 'admin' },
    { to: '/settings/blocked', text: 'shell.blocked', icon: 'stop', needs: 'admin' },
    { to: '/settings/privacy', text: 'shell.privacy', icon: 'privacy', needs: 'admin' },
    { to: '/settings/audit-log', text: 'shell.audit_log', icon: 'audit', needs: 'admin' },
    { to: '/settings/mailbox', text: 'shell.mailbox', icon: 'mailbox', needs: 'admin' },
  ],
}

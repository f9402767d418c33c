import { PageHead } from '../shell/page-head.tsx'

export function WebhooksPage() {
  return <PageHead title="Webhooks" />
}

import { PageHead } from '../shell/page-head.tsx'

export function WebhookPage() {
  return <PageHead title="Webhook" />
}

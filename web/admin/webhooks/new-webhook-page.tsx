import { PageHead } from '../shell/page-head.tsx'

export function NewWebhookPage() {
  return <PageHead title="Add webhook" />
}

import { PageHead } from '../shell/page-head.tsx'

export function ApiKeysPage() {
  return <PageHead title="API keys" />
}

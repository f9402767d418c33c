import { PageHead } from '../shell/page-head.tsx'

export function OrganizationPage() {
  return <PageHead title="Organization" />
}

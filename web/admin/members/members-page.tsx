import { PageHead } from '../shell/page-head.tsx'

export function MembersPage() {
  return <PageHead title="Members" />
}

import { PageHead } from '../shell/page-head.tsx'

export function MeetingTypesPage() {
  return <PageHead title="Meeting types" />
}

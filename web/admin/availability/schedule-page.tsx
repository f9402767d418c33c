import { PageHead } from '../shell/page-head.tsx'

export function SchedulePage() {
  return <PageHead title="Hours" />
}

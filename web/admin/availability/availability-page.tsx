import { PageHead } from '../shell/page-head.tsx'

export function AvailabilityPage() {
  return <PageHead title="Availability" />
}

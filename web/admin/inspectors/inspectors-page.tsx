import { PageHead } from '../shell/page-head.tsx'

export function InspectorsPage() {
  return <PageHead title="Inspectors" />
}

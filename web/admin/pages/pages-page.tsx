import { PageHead } from '../shell/page-head.tsx'

export function PagesPage() {
  return <PageHead title="Pages" />
}

import { PageHead } from '../shell/page-head.tsx'

export function TagsPage() {
  return <PageHead title="Tags" />
}

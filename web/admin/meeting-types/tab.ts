import type { ResourceForm } from '../../parts/resource-form.ts'
import type { TypeDraft } from './type-draft.ts'

/** What each tab of the editor gets. */
export type TabProps = { form: ResourceForm<TypeDraft> }

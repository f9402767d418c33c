import type { ResourceForm } from '../../parts/resource-form.ts'
import type { TypeDraft } from './type-draft.ts'

/** The props of each tab of the editor. */
export type TabProps = { form: ResourceForm<TypeDraft> }

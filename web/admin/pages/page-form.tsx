import { Stack, Textarea, TextInput } from '@mantine/core'
import { useResourceForm } from '../../parts/resource-form.ts'
import type { MeetingType } from '../client/meeting-types.ts'
import { type Page, useSavePage } from '../client/pages.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { slugOf } from '../parts/slug.ts'
import { TypeOrder } from './type-order.tsx'

type PageFormProps = { page: Page | null; types: MeetingType[]; onDone: () => void }

/** Creates a page with all public meeting types, or edits one. */
export function PageForm({ page, types, onDone }: PageFormProps) {
  const saving = useSavePage(page?.id ?? null)
  const form = useResourceForm({
    initial: {
      name: page?.name ?? '',
      slug: page?.slug ?? '',
      description: page?.description ?? '',
      meeting_types:
        page?.meeting_types ?? types.filter(({ visibility }) => visibility === 'public').map(({ id }) => id),
    },
    save: (values) => saving.mutateAsync({ ...values, description: values.description.trim() || null }),
    onSaved: onDone,
  })
  const { values, set } = form
  const rename = (name: string) => set(values.slug === slugOf(values.name) ? { name, slug: slugOf(name) } : { name })
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        <TextInput
          label="Name"
          required
          data-autofocus
          {...form.text('name')}
          onChange={(event) => rename(event.currentTarget.value)}
        />
        <TextInput label="URL path" description={`${location.origin}/…`} required {...form.text('slug')} />
        <Textarea label="Description" autosize minRows={2} {...form.text('description')} />
        <TypeOrder types={types} {...form.field('meeting_types')} />
        <FormSubmit form={form}>{page ? 'Save' : 'Create page'}</FormSubmit>
      </Stack>
    </form>
  )
}

import { Stack, Textarea, TextInput } from '@mantine/core'
import { useRef } from 'react'
import { useResourceForm } from '../../parts/resource-form.ts'
import type { MeetingType } from '../client/meeting-types.ts'
import { type Page, useSavePage } from '../client/pages.ts'
import { useText } from '../i18n/text.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { LeaveQuestion } from '../parts/leave-question.tsx'
import { slugOf } from '../parts/slug.ts'
import { TypeOrder } from './type-order.tsx'

type PageFormProps = { page: Page | null; types: MeetingType[]; onDone: () => void }

/** Creates a page with all public meeting types, or edits one. */
export function PageForm({ page, types, onDone }: PageFormProps) {
  const { t } = useText()
  const saving = useSavePage(page?.id ?? null)
  // This is a ref, because the dialog is closed before the next render.
  const saved = useRef(false)
  const form = useResourceForm({
    initial: {
      name: page?.name ?? '',
      slug: page?.slug ?? '',
      description: page?.description ?? '',
      meeting_types:
        page?.meeting_types ?? types.filter(({ visibility }) => visibility === 'public').map(({ id }) => id),
    },
    save: (values) => saving.mutateAsync({ ...values, description: values.description.trim() || null }),
    onSaved: () => {
      saved.current = true
      onDone()
    },
  })
  const { values, set } = form
  const rename = (name: string) => set(values.slug === slugOf(values.name) ? { name, slug: slugOf(name) } : { name })
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        <TextInput
          label={t('parts.name')}
          required
          data-autofocus
          {...form.text('name')}
          onChange={(event) => rename(event.currentTarget.value)}
        />
        <TextInput label={t('pages.url_path')} description={`${location.origin}/…`} required {...form.text('slug')} />
        <Textarea label={t('pages.description')} autosize minRows={2} {...form.text('description')} />
        <TypeOrder types={types} {...form.field('meeting_types')} />
        <FormSubmit form={form}>{t(page ? 'parts.save' : 'pages.create')}</FormSubmit>
      </Stack>
      <LeaveQuestion inDialog asks={() => form.changed && !saved.current} />
    </form>
  )
}

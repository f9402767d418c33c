import { Checkbox, Group, Select, SimpleGrid, Stack, TagsInput, TextInput } from '@mantine/core'
import type { FormErrors } from '../../parts/resource-form.ts'
import type { AdminKey } from '../i18n/catalog.ts'
import { useText } from '../i18n/text.ts'
import { type FieldType, type FormField, hasChoices } from './type-draft.ts'

/** The name of each kind of answer. */
export const answerTypes: Record<FieldType, AdminKey> = {
  text: 'meetingTypes.answer_text',
  multitext: 'meetingTypes.answer_multitext',
  email: 'meetingTypes.answer_email',
  date: 'meetingTypes.answer_date',
  time: 'meetingTypes.answer_time',
  choice: 'meetingTypes.answer_choice',
  multichoice: 'meetingTypes.answer_multichoice',
  toggle: 'meetingTypes.answer_toggle',
}

type QuestionFieldsProps = {
  field: FormField
  errors: FormErrors
  onChange: (patch: Partial<FormField>) => void
}

/** The settings of one question. */
export function QuestionFields({ field, errors, onChange }: QuestionFieldsProps) {
  const { t } = useText()
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label={t('meetingTypes.question')}
          required
          withAsterisk={false}
          value={field.name}
          error={errors.name}
          onChange={(event) => onChange({ name: event.target.value })}
        />
        <Select
          label={t('meetingTypes.answer_type')}
          allowDeselect={false}
          data={Object.entries(answerTypes).map(([value, key]) => ({ value, label: t(key) }))}
          value={field.field_type}
          error={errors.field_type}
          onChange={(kind) => onChange({ field_type: kind as FieldType })}
        />
      </SimpleGrid>
      {hasChoices(field) && (
        <TagsInput
          label={t('meetingTypes.choices')}
          description={t('meetingTypes.choices_note')}
          value={field.choices ?? []}
          error={errors.choices}
          onChange={(choices) => onChange({ choices })}
        />
      )}
      <TextInput
        label={t('meetingTypes.help_text')}
        value={field.help_text ?? ''}
        error={errors.help_text}
        onChange={(event) => onChange({ help_text: event.target.value || null })}
      />
      <Group>
        <Checkbox
          label={t('meetingTypes.required')}
          checked={field.required}
          onChange={(event) => onChange({ required: event.target.checked })}
        />
        <Checkbox
          label={t('meetingTypes.hidden_question')}
          checked={!field.visible}
          onChange={(event) => onChange({ visible: !event.target.checked })}
        />
      </Group>
    </Stack>
  )
}

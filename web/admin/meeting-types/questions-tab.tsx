import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Select,
  SimpleGrid,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core'
import type { FormErrors } from '../../parts/resource-form.ts'
import { Icon } from '../parts/icon.tsx'
import type { TabProps } from './tab.ts'
import { type FieldType, type FormField, hasChoices, newField } from './type-draft.ts'

const kinds: { value: FieldType; label: string }[] = [
  { value: 'text', label: 'Short text' },
  { value: 'multitext', label: 'Long text' },
  { value: 'email', label: 'E-mail address' },
  { value: 'date', label: 'Date' },
  { value: 'time', label: 'Time' },
  { value: 'choice', label: 'Single choice' },
  { value: 'multichoice', label: 'Multiple choice' },
  { value: 'toggle', label: 'Yes/no' },
]

/** The questions of the booking form, in addition to name and email. */
export function QuestionsTab({ form }: TabProps) {
  const { values, errors, set } = form
  const { fields } = values
  const move = (from: number, to: number) =>
    set({ fields: fields.toSpliced(from, 1).toSpliced(to, 0, ...fields.slice(from, from + 1)) })
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Name and e-mail are always required. Answers are stored under the question’s text: changing it does not change
        meetings that are already booked.
      </Text>
      {fields.map((field, at) => (
        <section
          // biome-ignore lint/suspicious/noArrayIndexKey: a question may have no name yet
          key={at}
          className="question"
          aria-label={`Question ${at + 1}`}
        >
          <FieldEditor
            field={field}
            errors={errorsAt(errors, at)}
            onChange={(patch) => set({ fields: fields.with(at, { ...field, ...patch }) })}
          />
          <Group gap={4} mt="sm" justify="flex-end">
            <MoveButton
              icon="up"
              label={`Move question ${at + 1} up`}
              hidden={at === 0}
              onClick={() => move(at, at - 1)}
            />
            <MoveButton
              icon="down"
              label={`Move question ${at + 1} down`}
              hidden={at === fields.length - 1}
              onClick={() => move(at, at + 1)}
            />
            <MoveButton
              icon="trash"
              label={`Remove question ${at + 1}`}
              onClick={() => set({ fields: fields.toSpliced(at, 1) })}
            />
          </Group>
        </section>
      ))}
      <Group>
        <Button
          variant="default"
          leftSection={<Icon name="plus" size={16} />}
          onClick={() => set({ fields: [...fields, newField] })}
        >
          Add question
        </Button>
      </Group>
    </Stack>
  )
}

/** The messages of one question, by its own fields. */
function errorsAt(errors: FormErrors, at: number): FormErrors {
  const prefix = `fields.${at}`
  const own = Object.entries(errors).filter(([path]) => path === prefix || path.startsWith(`${prefix}.`))
  return Object.fromEntries(own.map(([path, message]) => [path.split('.')[2] ?? 'name', message]))
}

type FieldEditorProps = {
  field: FormField
  errors: FormErrors
  onChange: (patch: Partial<FormField>) => void
}

function FieldEditor({ field, errors, onChange }: FieldEditorProps) {
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="Question"
          required
          withAsterisk={false}
          value={field.name}
          error={errors.name}
          onChange={(event) => onChange({ name: event.target.value })}
        />
        <Select
          label="Answer type"
          allowDeselect={false}
          data={kinds}
          value={field.field_type}
          error={errors.field_type}
          onChange={(kind) => onChange({ field_type: kind as FieldType })}
        />
      </SimpleGrid>
      {hasChoices(field) && (
        <TagsInput
          label="Choices"
          description="Press Enter after each choice."
          value={field.choices ?? []}
          error={errors.choices}
          onChange={(choices) => onChange({ choices })}
        />
      )}
      <TextInput
        label="Help text"
        value={field.help_text ?? ''}
        error={errors.help_text}
        onChange={(event) => onChange({ help_text: event.target.value || null })}
      />
      <Group>
        <Checkbox
          label="Required"
          checked={field.required}
          onChange={(event) => onChange({ required: event.target.checked })}
        />
        <Checkbox
          label="Hidden: filled in by the link only"
          checked={!field.visible}
          onChange={(event) => onChange({ visible: !event.target.checked })}
        />
      </Group>
    </Stack>
  )
}

type MoveButtonProps = { icon: 'up' | 'down' | 'trash'; label: string; hidden?: boolean; onClick: () => void }

function MoveButton({ icon, label, hidden, onClick }: MoveButtonProps) {
  if (hidden) return null
  return (
    <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} onClick={onClick}>
      <Icon name={icon} size={18} />
    </ActionIcon>
  )
}

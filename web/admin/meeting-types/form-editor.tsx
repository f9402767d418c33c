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
import type { Draft } from '../parts/draft.ts'
import { Icon } from '../parts/icon.tsx'
import { type FieldType, type FormField, hasChoices, newField, type TypeDraft } from './type-draft.ts'

const kinds: { value: FieldType; label: string }[] = [
  { value: 'text', label: 'One line of text' },
  { value: 'multitext', label: 'Several lines of text' },
  { value: 'email', label: 'E-mail address' },
  { value: 'date', label: 'Date' },
  { value: 'time', label: 'Time of day' },
  { value: 'choice', label: 'One of several choices' },
  { value: 'multichoice', label: 'Some of several choices' },
  { value: 'toggle', label: 'Yes or no' },
]

/** What people are asked besides their name and e-mail. */
export function FormEditor({ draft }: { draft: Draft<TypeDraft> }) {
  const { values, errors, set } = draft
  const { fields } = values
  const move = (from: number, to: number) => set({ fields: fields.toSpliced(from, 1).toSpliced(to, 0, fields[from]!) })
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Name and e-mail are always asked for. Answers refer to a question by its name: meetings that have been booked
        keep what they were asked.
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
            errors={errorsOf(errors, at)}
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
          Add a question
        </Button>
      </Group>
    </Stack>
  )
}

/** The messages about one question, by its own fields. */
function errorsOf(errors: Record<string, string>, at: number): Record<string, string> {
  const prefix = `fields.${at}`
  const own = Object.entries(errors).filter(([path]) => path === prefix || path.startsWith(`${prefix}.`))
  return Object.fromEntries(own.map(([path, message]) => [path.split('.')[2] ?? 'name', message]))
}

type FieldEditorProps = {
  field: FormField
  errors: Record<string, string>
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
          label="Answer"
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
          description="Press Enter after each."
          value={field.choices ?? []}
          error={errors.choices}
          onChange={(choices) => onChange({ choices })}
        />
      )}
      <TextInput
        label="Help"
        value={field.help_text ?? ''}
        error={errors.help_text}
        onChange={(event) => onChange({ help_text: event.target.value || null })}
      />
      <Group>
        <Checkbox
          label="Has to be answered"
          checked={field.required}
          onChange={(event) => onChange({ required: event.target.checked })}
        />
        <Checkbox
          label="Hidden: only the link fills it in"
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

import { Badge, Button, Group, Stack, Text, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import type { FormErrors } from '../../parts/resource-form.ts'
import { useText } from '../i18n/text.ts'
import { Icon } from '../parts/icon.tsx'
import { moved, useReorder } from '../parts/reorder.ts'
import { MoveButton, ReorderHandle } from '../parts/reorder-handle.tsx'
import { DeleteButton } from '../parts/resource-page.tsx'
import { answerTypes, QuestionFields } from './question-fields.tsx'
import type { TabProps } from './tab.ts'
import { type FormField, newField } from './type-draft.ts'

/** Keys for questions. Questions may not have a text yet, and they keep their keys when they move. */
function useKeys(count: number) {
  const [known, setKeys] = useState(() => [...Array(count).keys()])
  // Discarding the changes may change the number of questions.
  const keys = known.length === count ? known : [...Array(count).keys()]
  return { keys, setKeys, nextKey: Math.max(-1, ...keys) + 1 }
}

/** The questions of the booking form, in addition to name and email. */
export function QuestionsTab({ form }: TabProps) {
  const { t } = useText()
  const { values, errors, set } = form
  const { fields } = values
  const { keys, setKeys, nextKey } = useKeys(fields.length)
  const [opened, setOpened] = useState<number[]>([])
  const move = (from: number, to: number) => {
    setKeys(moved(keys, from, to))
    set({ fields: moved(fields, from, to) })
  }
  const reorder = useReorder<HTMLUListElement>(fields.length, move)
  const add = () => {
    setKeys([...keys, nextKey])
    setOpened([...opened, nextKey])
    set({ fields: [...fields, newField] })
  }
  const remove = (at: number) => {
    setKeys(keys.toSpliced(at, 1))
    set({ fields: fields.toSpliced(at, 1) })
  }
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('meetingTypes.questions_text')}
      </Text>
      <ul className="questions" ref={reorder.list} aria-label={t('meetingTypes.questions')}>
        {fields.map((field, at) => {
          const key = keys[at] ?? at
          const own = errorsAt(errors, at)
          const isOpen = opened.includes(key) || Object.keys(own).length > 0
          const name = field.name || t('meetingTypes.question_number', { number: at + 1 })
          return (
            <li key={key} className="question" data-dragged={reorder.dragged === at || undefined}>
              <div className="question-head">
                <ReorderHandle name={name} {...reorder.handle(at)} />
                <QuestionTitle
                  field={field}
                  name={name}
                  isOpen={isOpen}
                  onToggle={() => setOpened(isOpen ? opened.filter((other) => other !== key) : [...opened, key])}
                />
                <Group gap={0} wrap="nowrap" ml="auto">
                  <MoveButton direction="up" name={name} disabled={at === 0} onClick={() => move(at, at - 1)} />
                  <MoveButton
                    direction="down"
                    name={name}
                    disabled={at === fields.length - 1}
                    onClick={() => move(at, at + 1)}
                  />
                  <DeleteButton label={t('parts.remove_named', { name })} onClick={() => remove(at)} />
                </Group>
              </div>
              {/* While one question is dragged, all questions are only as high as their headings. */}
              {isOpen && reorder.dragged === null && (
                <section className="question-body" aria-label={name}>
                  <QuestionFields
                    field={field}
                    errors={own}
                    onChange={(patch) => set({ fields: fields.with(at, { ...field, ...patch }) })}
                  />
                </section>
              )}
            </li>
          )
        })}
      </ul>
      <Group>
        <Button variant="default" leftSection={<Icon name="plus" size={16} />} onClick={add}>
          {t('meetingTypes.add_question')}
        </Button>
      </Group>
    </Stack>
  )
}

type TitleProps = { field: FormField; name: string; isOpen: boolean; onToggle: () => void }

function QuestionTitle({ field, name, isOpen, onToggle }: TitleProps) {
  const { t } = useText()
  const kind = t(answerTypes[field.field_type])
  return (
    <UnstyledButton className="question-title" aria-expanded={isOpen} onClick={onToggle}>
      <Icon name={isOpen ? 'down' : 'right'} size={16} />
      <span className="question-name" dir="auto">
        {name}
      </span>
      {!isOpen && (
        <span className="row-note">
          {kind}
          {field.required && ` · ${t('meetingTypes.required')}`}
        </span>
      )}
      {!field.visible && (
        <Badge variant="default" size="sm">
          {t('meetingTypes.hidden')}
        </Badge>
      )}
    </UnstyledButton>
  )
}

/** Returns the messages about one question, by the question's own fields. */
function errorsAt(errors: FormErrors, at: number): FormErrors {
  const prefix = `fields.${at}`
  const own = Object.entries(errors).filter(([path]) => path === prefix || path.startsWith(`${prefix}.`))
  return Object.fromEntries(own.map(([path, message]) => [path.split('.')[2] ?? 'name', message]))
}

import { Button, Checkbox, Group, Input, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { MeetingType } from '../client/meeting-types.ts'
import { useText } from '../i18n/text.ts'
import { moved, useReorder } from '../parts/reorder.ts'
import { MoveButton, ReorderHandle } from '../parts/reorder-handle.tsx'
import { ShowMore, useWindow } from '../parts/show-more.tsx'

type TypeOrderProps = {
  types: MeetingType[]
  value: number[]
  error: string | undefined
  onChange: (value: number[]) => void
}

/** The meeting types can be filtered if there are at least this many. */
const FILTERED = 8

/** The meeting types on the page, and their order. */
export function TypeOrder({ types, value, error, onChange }: TypeOrderProps) {
  const { t } = useText()
  const [typed, setTyped] = useState('')
  const wanted = typed.trim().toLowerCase()
  const matches = ({ name, slug }: MeetingType) => `${name} ${slug}`.toLowerCase().includes(wanted)
  const chosen = value.flatMap((id) => types.find((type) => type.id === id) ?? [])
  const others = types.filter((type) => !value.includes(type.id) && matches(type))
  return (
    <fieldset className="type-order">
      <legend>{t('pages.types_in_order')}</legend>
      {types.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('meetingTypes.none')}
        </Text>
      )}
      {types.length >= FILTERED && (
        <Group gap="sm" mb="xs">
          <TextInput
            type="search"
            size="xs"
            aria-label={t('meetingTypes.search')}
            placeholder={t('meetingTypes.search')}
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          />
          <Text size="sm" c="dimmed" role="status">
            {t('pages.chosen_count', { count: chosen.length, all: types.length })}
          </Text>
        </Group>
      )}
      <ChosenTypes
        types={wanted ? chosen.filter(matches) : chosen}
        isFiltered={wanted !== ''}
        onMove={(from, to) => onChange(moved(value, from, to))}
        onRemove={(id) => onChange(value.filter((known) => known !== id))}
      />
      <OtherTypes key={wanted} types={others} onAdd={(ids) => onChange([...value, ...ids])} />
      {error && <Input.Error>{error}</Input.Error>}
    </fieldset>
  )
}

type ChosenProps = {
  types: MeetingType[]
  /** A filtered list cannot be reordered. */
  isFiltered: boolean
  onMove: (from: number, to: number) => void
  onRemove: (id: number) => void
}

function ChosenTypes({ types, isFiltered, onMove, onRemove }: ChosenProps) {
  const { t } = useText()
  const reorder = useReorder<HTMLUListElement>(types.length, onMove)
  const { shown, ...more } = useWindow(types)
  return (
    <>
      <ul ref={reorder.list} aria-label={t('pages.on_this_page')}>
        {shown.map((type, at) => (
          <li key={type.id} className="type-order-row" data-dragged={reorder.dragged === at || undefined}>
            {!isFiltered && <ReorderHandle name={type.name} {...reorder.handle(at)} />}
            <Checkbox
              label={<span dir="auto">{type.name}</span>}
              checked
              onChange={() => onRemove(type.id)}
              className="type-order-name"
            />
            {!isFiltered && (
              <Group gap={0} wrap="nowrap">
                <MoveButton direction="up" name={type.name} disabled={at === 0} onClick={() => onMove(at, at - 1)} />
                <MoveButton
                  direction="down"
                  name={type.name}
                  disabled={at === types.length - 1}
                  onClick={() => onMove(at, at + 1)}
                />
              </Group>
            )}
          </li>
        ))}
      </ul>
      <ShowMore {...more} />
    </>
  )
}

function OtherTypes({ types, onAdd }: { types: MeetingType[]; onAdd: (ids: number[]) => void }) {
  const { t } = useText()
  const { shown, ...more } = useWindow(types)
  if (types.length === 0) return null
  return (
    <>
      <Group justify="space-between" mt="sm" mb={4}>
        <Text size="sm" c="dimmed">
          {t('pages.not_on_this_page')}
        </Text>
        {types.length > 1 && (
          <Button variant="subtle" size="compact-sm" onClick={() => onAdd(types.map(({ id }) => id))}>
            {t('pages.add_all', { count: types.length })}
          </Button>
        )}
      </Group>
      <ul aria-label={t('pages.not_on_this_page')}>
        {shown.map((type) => (
          <li key={type.id} className="type-order-row">
            <Checkbox
              label={<span dir="auto">{type.name}</span>}
              checked={false}
              onChange={() => onAdd([type.id])}
              className="type-order-name"
            />
          </li>
        ))}
      </ul>
      <ShowMore {...more} />
    </>
  )
}

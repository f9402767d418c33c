import { ActionIcon, Checkbox, Group, Input, Text } from '@mantine/core'
import type { MeetingType } from '../client/meeting-types.ts'
import { Icon } from '../parts/icon.tsx'

type TypeOrderProps = {
  types: MeetingType[]
  value: number[]
  error: string | undefined
  onChange: (value: number[]) => void
}

/** Which meeting types are on the page, and in which order. */
export function TypeOrder({ types, value, error, onChange }: TypeOrderProps) {
  const chosen = value.flatMap((id) => types.find((type) => type.id === id) ?? [])
  const others = types.filter(({ id }) => !value.includes(id))
  const move = (from: number, to: number) =>
    onChange(value.toSpliced(from, 1).toSpliced(to, 0, ...value.slice(from, from + 1)))
  return (
    <fieldset className="type-order">
      <legend>Meeting types, in this order</legend>
      {types.length === 0 && (
        <Text size="sm" c="dimmed">
          No meeting types yet.
        </Text>
      )}
      {[...chosen, ...others].map((type) => {
        const at = value.indexOf(type.id)
        return (
          <div key={type.id} className="type-order-row">
            <Checkbox
              label={type.name}
              checked={at >= 0}
              onChange={({ currentTarget }) =>
                onChange(currentTarget.checked ? [...value, type.id] : value.filter((id) => id !== type.id))
              }
            />
            {at >= 0 && (
              <Group gap={2} wrap="nowrap">
                <MoveButton icon="up" name={type.name} disabled={at === 0} onClick={() => move(at, at - 1)} />
                <MoveButton
                  icon="down"
                  name={type.name}
                  disabled={at === value.length - 1}
                  onClick={() => move(at, at + 1)}
                />
              </Group>
            )}
          </div>
        )
      })}
      {error && <Input.Error>{error}</Input.Error>}
    </fieldset>
  )
}

type MoveButtonProps = { icon: 'up' | 'down'; name: string; disabled: boolean; onClick: () => void }

function MoveButton({ icon, name, disabled, onClick }: MoveButtonProps) {
  return (
    <ActionIcon variant="subtle" aria-label={`Move ${name} ${icon}`} disabled={disabled} onClick={onClick}>
      <Icon name={icon} size={18} />
    </ActionIcon>
  )
}

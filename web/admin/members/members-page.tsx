import {
  ActionIcon,
  Avatar,
  Badge,
  Button,
  Group,
  Menu,
  Modal,
  Select,
  SimpleGrid,
  Stack,
  TextInput,
} from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { cityOf, detectZone } from '../../time/zones.ts'
import { useChange } from '../client/api.ts'
import { useMe } from '../client/me.ts'
import {
  changeMember,
  createMember,
  deleteMember,
  inviteMember,
  type Member,
  type MemberInput,
  nameOf,
  useMembers,
} from '../client/members.ts'
import { Confirm } from '../parts/confirm.tsx'
import { useDraft } from '../parts/draft.ts'
import { FormError } from '../parts/form-error.tsx'
import { Icon } from '../parts/icon.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Loaded } from '../parts/states.tsx'
import { ZoneSelect } from '../parts/zone-select.tsx'
import { LimitFields } from './limit-fields.tsx'

const refresh = [['members'], ['me']]

/** `/admin/members`: who has an account, and what each may do. */
export function MembersPage() {
  const members = useMembers()
  const [edited, setEdited] = useState<Member | 'new' | null>(null)
  return (
    <>
      <PageHead
        title="Members"
        lead="Members handle their own meetings and availability, managers everybody’s, admins the settings too."
        actions={
          <Button leftSection={<Icon name="plus" size={18} />} onClick={() => setEdited('new')}>
            Invite somebody
          </Button>
        }
      />
      <Loaded query={members}>
        {(list) => (
          <ul className="rows" aria-label="Members">
            {list.map((member) => (
              <MemberRow key={member.id} member={member} onEdit={() => setEdited(member)} />
            ))}
          </ul>
        )}
      </Loaded>
      <Modal
        opened={edited !== null}
        onClose={() => setEdited(null)}
        title={edited === 'new' ? 'Invite somebody' : edited ? nameOf(edited) : ''}
        size={560}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {edited && <MemberForm member={edited === 'new' ? null : edited} onDone={() => setEdited(null)} />}
      </Modal>
    </>
  )
}

const roles = [
  { value: 'member', label: 'Member' },
  { value: 'manager', label: 'Manager' },
  { value: 'admin', label: 'Admin' },
] satisfies { value: Member['role']; label: string }[]

function MemberRow({ member, onEdit }: { member: Member; onEdit: () => void }) {
  const { member: me } = useMe()
  return (
    <li className="row">
      <Avatar name={nameOf(member)} color="brand" size={38} radius="xl" aria-hidden="true" />
      <div className="row-text">
        <Group gap="xs">
          <strong>{nameOf(member)}</strong>
          {member.id === me?.id && (
            <Badge variant="default" size="sm">
              You
            </Badge>
          )}
          {member.role !== 'member' && (
            <Badge variant="light" size="sm">
              {member.role}
            </Badge>
          )}
          {!member.joined && (
            <Badge variant="light" color="warn" size="sm">
              Not joined yet
            </Badge>
          )}
        </Group>
        <div className="row-note wrapping">
          {member.email} · {cityOf(member.timezone)}
        </div>
      </div>
      <MemberMenu member={member} onEdit={onEdit} />
    </li>
  )
}

function MemberMenu({ member, onEdit }: { member: Member; onEdit: () => void }) {
  const [asking, setAsking] = useState(false)
  const invitation = useChange<void, { email: string }>({
    call: () => inviteMember(member.id),
    refresh,
    done: ({ email }) => `An invitation is on its way to ${email}`,
  })
  const deletion = useChange({
    call: () => deleteMember(member.id),
    refresh,
    done: `${nameOf(member)} is removed`,
    onDone: () => setAsking(false),
  })
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon variant="subtle" size="lg" aria-label={`More for ${nameOf(member)}`}>
            <Icon name="dots" size={20} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="edit" size={18} />} onClick={onEdit}>
            Change
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name="clock" size={18} />}
            renderRoot={(props) => <Link {...props} to="/availability" search={{ member: member.id }} />}
          >
            Availability
          </Menu.Item>
          {!member.joined && (
            <Menu.Item leftSection={<Icon name="mailbox" size={18} />} onClick={() => invitation.mutate()}>
              Mail the invitation again
            </Menu.Item>
          )}
          <Menu.Item color="bad" leftSection={<Icon name="trash" size={18} />} onClick={() => setAsking(true)}>
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={asking}
        title={`Remove ${nameOf(member)}?`}
        action="Remove"
        busy={deletion.isPending}
        onConfirm={() => deletion.mutate()}
        onClose={() => setAsking(false)}
      >
        Their access ends at once. Meetings that are over stay as they are.
      </Confirm>
    </>
  )
}

const UNLIMITED = { meetings_per_day: null, meetings_per_week: null, minutes_per_day: null, minutes_per_week: null }

function MemberForm({ member, onDone }: { member: Member | null; onDone: () => void }) {
  const draft = useDraft({
    first_name: member?.first_name ?? '',
    last_name: member?.last_name ?? '',
    email: member?.email ?? '',
    role: member?.role ?? ('member' as const),
    timezone: member?.timezone ?? detectZone(),
    limits: member?.limits ?? UNLIMITED,
  })
  const saving = useChange<MemberInput, unknown>({
    call: async (values) => {
      if (member) return changeMember(member.id, values)
      return inviteMember((await createMember(values)).id)
    },
    refresh,
    done: member ? 'Saved' : 'Invited: a mail with the link to join is on its way',
    onDone,
    quiet: true,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    saving.mutate(draft.values, { onError: draft.fail })
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label="First name" required data-autofocus {...draft.text('first_name')} />
          <TextInput label="Last name" {...draft.text('last_name')} />
        </SimpleGrid>
        <TextInput label="E-mail" type="email" required {...draft.text('email')} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label="Role"
            data={roles}
            allowDeselect={false}
            value={draft.values.role}
            onChange={(role) => role && draft.set({ role })}
            error={draft.errorAt('role')}
          />
          <ZoneSelect label="Time zone" {...draft.field('timezone')} />
        </SimpleGrid>
        <LimitFields {...draft.field('limits')} />
        <FormError text={draft.errors.form} />
        <Group justify="flex-end">
          <Button type="submit" loading={saving.isPending}>
            {member ? 'Save' : 'Invite'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

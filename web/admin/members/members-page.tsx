import { ActionIcon, Avatar, Badge, Group, Menu, Modal, Stack, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { sendsMail } from '../../api/mail.ts'
import { CopyButton } from '../../parts/copy-button.tsx'
import { cityOf } from '../../time/zones.ts'
import { listOf } from '../client/api.ts'
import { roleTitles, useMe } from '../client/me.ts'
import {
  type Member,
  nameOf,
  type SentInvitation,
  useDeleteMember,
  useInviteMember,
  useMembers,
} from '../client/members.ts'
import { Icon } from '../parts/icon.tsx'
import { ResourcePage } from '../parts/resource-page.tsx'
import { MemberForm } from './member-form.tsx'

/** `/admin/members`: who has an account, and with which role. */
export function MembersPage() {
  const [invitation, setInvitation] = useState<SentInvitation | null>(null)
  return (
    <>
      <ResourcePage
        title="Members"
        lead="Members manage their own meetings and availability, managers everyone’s, and admins the settings too."
        icon="people"
        addLabel="Invite member"
        list={listOf(useMembers())}
        emptyTitle="No members yet"
        emptyText="Invite the people who host meetings."
        rowClass="row"
        row={(member, { edit, remove }) => (
          <MemberRow member={member} onEdit={edit} onRemove={remove} onInvited={setInvitation} />
        )}
        dialog={{
          title: (member) => (member ? nameOf(member) : 'Invite member'),
          form: (member, close) => <MemberForm member={member} onDone={close} onInvited={setInvitation} />,
          size: 560,
        }}
        deletion={{
          change: useDeleteMember(),
          title: (member) => `Remove ${nameOf(member)}?`,
          text: 'They lose access immediately. Past meetings stay as they are.',
          action: 'Remove member',
        }}
      />
      <InvitationLink invitation={invitation} onClose={() => setInvitation(null)} />
    </>
  )
}

/** Shows the link of a new invitation if no mail server sends it. */
function InvitationLink({ invitation, onClose }: { invitation: SentInvitation | null; onClose: () => void }) {
  const link = invitation?.link
  return (
    <Modal
      opened={!!link}
      onClose={onClose}
      title="Send this link"
      size={560}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        <p>
          This server does not send e-mails. Give this link to {invitation?.email}: with it, they can join until it
          expires or you create another one.
        </p>
        {link && (
          <Group wrap="nowrap">
            <TextInput readOnly value={link} aria-label="Invitation link" flex={1} data-autofocus />
            <CopyButton text={link} label="Copy" />
          </Group>
        )}
      </Stack>
    </Modal>
  )
}

type MemberRowProps = {
  member: Member
  onEdit: () => void
  onRemove: () => void
  onInvited: (invitation: SentInvitation) => void
}

function MemberRow({ member, onEdit, onRemove, onInvited }: MemberRowProps) {
  const { member: me } = useMe()
  return (
    <>
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
              {roleTitles[member.role]}
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
      <MemberMenu member={member} onEdit={onEdit} onRemove={onRemove} onInvited={onInvited} />
    </>
  )
}

function MemberMenu({ member, onEdit, onRemove, onInvited }: MemberRowProps) {
  const invitation = useInviteMember()
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="subtle" size="lg" aria-label={`More actions for ${nameOf(member)}`}>
          <Icon name="dots" size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Icon name="edit" size={18} />} onClick={onEdit}>
          Edit
        </Menu.Item>
        <Menu.Item
          leftSection={<Icon name="clock" size={18} />}
          renderRoot={(props) => <Link {...props} to="/availability" search={{ member: member.id }} />}
        >
          Availability
        </Menu.Item>
        {!member.joined && (
          <Menu.Item
            leftSection={<Icon name="mailbox" size={18} />}
            onClick={() => invitation.mutate(member, { onSuccess: onInvited })}
          >
            {sendsMail ? 'Resend invitation' : 'New invitation link'}
          </Menu.Item>
        )}
        <Menu.Item color="bad" leftSection={<Icon name="trash" size={18} />} onClick={onRemove}>
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

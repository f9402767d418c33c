import { Checkbox, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { languageCodes, languages } from '../../../src/i18n/languages.ts'
import { sendsMail } from '../../api/mail.ts'
import { useResourceForm } from '../../parts/resource-form.ts'
import { detectZone } from '../../time/zones.ts'
import { roleTexts } from '../client/me.ts'
import {
  type Member,
  type SentInvitation,
  useChangeMember,
  useInviteMember,
  useInviteNewMember,
} from '../client/members.ts'
import { useText } from '../i18n/text.ts'
import { FormSubmit } from '../parts/form-actions.tsx'
import { ZoneSelect } from '../parts/zone-select.tsx'
import { LimitFields } from './limit-fields.tsx'
import { PhotoField } from './photo-field.tsx'

const roles = ['member', 'manager', 'admin'] as const

/** The value that selects the organization's language. */
const DEFAULT = 'default'

const ownLanguages = Object.entries(languages).map(([value, label]) => ({ value, label }))

const UNLIMITED = { meetings_per_day: null, meetings_per_week: null, minutes_per_day: null, minutes_per_week: null }

type MemberFormProps = {
  member: Member | null
  onDone: () => void
  /** Called with the invitation if one was created. */
  onInvited: (invitation: SentInvitation) => void
}

/** Invites a new member, or edits one. */
export function MemberForm({ member, onDone, onInvited }: MemberFormProps) {
  const { t } = useText()
  const invitation = useInviteNewMember()
  const change = useChangeMember()
  const reinvitation = useInviteMember()
  const [inviteAgain, setInviteAgain] = useState(true)
  const form = useResourceForm({
    initial: {
      first_name: member?.first_name ?? '',
      last_name: member?.last_name ?? '',
      email: member?.email ?? '',
      role: member?.role ?? ('member' as const),
      timezone: member?.timezone ?? detectZone(),
      locale: member?.locale ?? null,
      limits: member?.limits ?? UNLIMITED,
    },
    save: async (values) => {
      if (!member) return invitation.mutateAsync(values)
      const changed = await change.mutateAsync({ id: member.id, ...values })
      return inviteAgain && isReaddressed(member, values.email) ? reinvitation.mutateAsync(changed) : undefined
    },
    onSaved: (sent) => {
      onDone()
      if (sent) onInvited(sent)
    },
  })
  return (
    <form onSubmit={form.submit} noValidate>
      <Stack>
        {member && <PhotoField member={member} />}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label={t('members.first_name')} required data-autofocus {...form.text('first_name')} />
          <TextInput label={t('members.last_name')} {...form.text('last_name')} />
        </SimpleGrid>
        <TextInput label={t('parts.email')} type="email" required {...form.text('email')} />
        {isReaddressed(member, form.values.email) && (
          <Checkbox
            label={t(sendsMail ? 'members.mail_again' : 'members.create_again')}
            description={t('members.again_help')}
            checked={inviteAgain}
            onChange={(event) => setInviteAgain(event.currentTarget.checked)}
          />
        )}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select
            label={t('members.role')}
            data={roles.map((value) => ({ value, label: t(roleTexts[value]) }))}
            allowDeselect={false}
            value={form.values.role}
            onChange={(role) => role && form.set({ role })}
            error={form.errorAt('role')}
          />
          <ZoneSelect label={t('parts.time_zone')} {...form.field('timezone')} />
        </SimpleGrid>
        <Select
          label={t('members.language')}
          description={t('members.language_help')}
          data={[{ value: DEFAULT, label: t('account.language_default') }, ...ownLanguages]}
          allowDeselect={false}
          value={form.values.locale ?? DEFAULT}
          onChange={(code) => form.set({ locale: languageCodes.find((each) => each === code) ?? null })}
          error={form.errorAt('locale')}
        />
        <LimitFields {...form.field('limits')} />
        <FormSubmit form={form}>{t(member ? 'parts.save' : 'members.invite_action')}</FormSubmit>
      </Stack>
    </form>
  )
}

/** Returns whether a member who has not joined gets a different email address, which invalidates their invitation. */
function isReaddressed(member: Member | null, email: string): boolean {
  return member !== null && !member.joined && email.trim() !== member.email
}

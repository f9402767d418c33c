import { Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Fill } from '../../i18n/fill.tsx'
import { type ApiKey, keyRoleTexts, type NewApiKey, useApiKeys, useDeleteApiKey } from '../client/api-keys.ts'
import { type AdminText, useText } from '../i18n/text.ts'
import { CopyText, ShownOnce } from '../parts/copy-text.tsx'
import { agoText, dayText, momentText } from '../parts/dates.ts'
import { DeleteButton, ResourcePage } from '../parts/resource-page.tsx'
import { ApiKeyForm } from './api-key-form.tsx'

/** `/admin/settings/api-keys`: the keys that programs use to authenticate. */
export function ApiKeysPage() {
  const { t } = useText()
  return (
    <ResourcePage
      title={t('apiKeys.title')}
      lead={<Fill text={t('apiKeys.lead')} reference={<Anchor href="/api/docs">{t('apiKeys.reference')}</Anchor>} />}
      icon="keys"
      addLabel={t('apiKeys.new')}
      list={useApiKeys()}
      emptyTitle={t('apiKeys.empty_title')}
      emptyText={t('apiKeys.empty_text')}
      rowClass="row"
      row={(apiKey, { remove }) => <ApiKeyRow apiKey={apiKey} onDelete={remove} />}
      dialog={{
        title: () => t('apiKeys.new'),
        form: (_, close) => <NewKey onClose={close} />,
        size: 'lg',
        stays: true,
      }}
      deletion={{
        change: useDeleteApiKey(),
        title: ({ name }) => t('apiKeys.delete_question', { name }),
        text: t('apiKeys.delete_text'),
        action: t('apiKeys.delete'),
      }}
    />
  )
}

function ApiKeyRow({ apiKey, onDelete }: { apiKey: ApiKey; onDelete: () => void }) {
  const { t } = useText()
  return (
    <>
      <div className="row-text">
        <Group gap="xs">
          <Text fw={600} dir="auto">
            {apiKey.name}
          </Text>
          <Badge variant="default">{t(keyRoleTexts[apiKey.role])}</Badge>
          {hasExpired(apiKey) && <Badge color="bad">{t('apiKeys.is_expired')}</Badge>}
        </Group>
        <Text size="sm" c="dimmed">
          <code className="mono">{apiKey.hint}</code> · {limitsText(apiKey, t)}
        </Text>
      </div>
      <span className="row-note">
        {apiKey.last_used_at ? t('apiKeys.last_used', { ago: agoText(apiKey.last_used_at) }) : t('apiKeys.never_used')}
      </span>
      <DeleteButton label={t('parts.delete_named', { name: apiKey.name })} onClick={onDelete} />
    </>
  )
}

const hasExpired = ({ expires_at }: ApiKey) => expires_at !== null && Date.parse(expires_at) <= Date.now()

/** For example "created Jan 4, 2027 · expires Feb 4, 2027 · only from 10.0.0.0/8". */
function limitsText(apiKey: ApiKey, t: AdminText['t']): string {
  const { created_at, expires_at, allowed_networks } = apiKey
  return [
    t('apiKeys.created_on', { date: dayText(created_at) }),
    ...(expires_at
      ? [t(hasExpired(apiKey) ? 'apiKeys.expired_on' : 'apiKeys.expires_on', { time: momentText(expires_at) })]
      : []),
    ...(allowed_networks ? [t('apiKeys.only_from', { networks: allowed_networks.join(', ') })] : []),
  ].join(' · ')
}

function NewKey({ onClose }: { onClose: () => void }) {
  const [created, setCreated] = useState<NewApiKey | null>(null)
  return created ? <CreatedKey created={created} onClose={onClose} /> : <ApiKeyForm onCreated={setCreated} />
}

function CreatedKey({ created, onClose }: { created: NewApiKey; onClose: () => void }) {
  const { t } = useText()
  return (
    <Stack>
      <ShownOnce secret={created.key} label={t('apiKeys.your_key')} />
      <Text size="sm">{t('apiKeys.try')}</Text>
      <CopyText text={`curl -H 'Authorization: Bearer ${created.key}' ${location.origin}/api/v1/me`} />
      <Group justify="flex-end">
        <Button onClick={onClose}>{t('apiKeys.done')}</Button>
      </Group>
    </Stack>
  )
}

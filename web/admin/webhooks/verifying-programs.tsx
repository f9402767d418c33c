import { Group, Tabs, Text, Title } from '@mantine/core'
import { CopyButton } from '../../parts/copy-button.tsx'
import { useText } from '../i18n/text.ts'
import { type Program, publicKeyPrograms, sharedSecretPrograms } from './verifying-code.ts'

/** Programs that verify a webhook's requests, with a shared secret or a public key. */
export function VerifyingPrograms({ withPublicKey }: { withPublicKey: boolean }) {
  const { t } = useText()
  return (
    <section className="card" aria-label={t('webhooks.verify_title')}>
      <Title order={2} size="h4">
        {t('webhooks.verify_title')}
      </Title>
      <Text size="sm" c="dimmed" mt={4} mb="md">
        {t('webhooks.verify_hint')}
      </Text>
      <ProgramTabs programs={withPublicKey ? publicKeyPrograms : sharedSecretPrograms} />
    </section>
  )
}

function ProgramTabs({ programs }: { programs: Program[] }) {
  const { t } = useText()
  return (
    <Tabs defaultValue={programs[0]?.language ?? null} keepMounted={false}>
      <Tabs.List>
        {programs.map(({ language }) => (
          <Tabs.Tab key={language} value={language}>
            {language}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {programs.map(({ language, file, code }) => (
        <Tabs.Panel key={language} value={language} pt="sm">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre className="json" tabIndex={0}>
            {code}
          </pre>
          <Group justify="space-between" mt="xs">
            <Text size="sm" c="dimmed" className="mono">
              {file}
            </Text>
            <CopyButton text={code} label={t('parts.copy')} />
          </Group>
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

import { Modal, Text } from '@mantine/core'
import { api, type Me, queryClient } from '../client/api.ts'
import { useText } from '../i18n/text.ts'
import { SignInForm } from '../sign-in/sign-in-view.tsx'

/** Mantine's dialogs are on layer 200. */
const ABOVE_DIALOGS = 400

/** Shows the sign-in form over the page when the session has ended, so that nothing that the user entered is lost. */
export function SignInAgain({ me }: { me: Me }) {
  const { t } = useText()
  const resume = async () => {
    const now = await api<Me>('/me')
    const isSame = now.member?.id === me.member?.id && now.organization.id === me.organization.id
    // The page's content belongs to someone else, or to another organization.
    if (!isSame) return location.reload()
    await queryClient.invalidateQueries()
  }
  return (
    <Modal
      opened
      onClose={() => {}}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      centered
      zIndex={ABOVE_DIALOGS}
      title={t('shell.signed_out_title')}
    >
      <Text c="dimmed" mb="md">
        {t('shell.signed_out_text')}
      </Text>
      <SignInForm email={me.member?.email ?? ''} onDone={resume} />
    </Modal>
  )
}

import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { api } from '../client/api.ts'
import { useText } from '../i18n/text.ts'
import { PageHead } from '../parts/page-head.tsx'
import { LoadError, Loading } from '../parts/states.tsx'

/**
 * `/admin/host-link/{external_id}`: the target of a host's link without a session. The admin first asks the host to sign in. Then
 * this page redirects to the meeting, unless the link belongs to another host.
 */
export function HostLinkPage() {
  const { t } = useText()
  const { externalId = '', step } = useParams({ strict: false })
  const id = encodeURIComponent(externalId)
  const target = `/m/${id}${step === 'cancel' || step === 'reschedule' ? `/${step}` : ''}`
  const link = useQuery({
    queryKey: ['host-link', externalId],
    queryFn: () => api(`/public/attendees/${id}`),
    retry: false,
    gcTime: 0,
  })
  const isOpen = link.data !== undefined
  useEffect(() => {
    if (isOpen) location.replace(target)
  }, [isOpen, target])
  return (
    <Stack>
      <PageHead title={t('shell.host_link')} />
      {link.error ? <LoadError error={link.error} /> : <Loading rows={1} />}
    </Stack>
  )
}

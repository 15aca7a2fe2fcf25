import type { OwnedSession } from '../session/owned-sessions.ts';
import type { Texts } from '../texts/texts.ts';
import { deviceName } from '../ui/device.ts';
import { Button } from '../ui/form.tsx';
import { Done } from '../ui/outcome.tsx';
import { Moment } from '../ui/times.tsx';
import type { Device } from '../users/devices.ts';

interface SessionsProps {
  t: Texts;
  /** The id of the user whose sessions they are. */
  signedInAs: string;
  /** Newest first. */
  sessions: OwnedSession[];
  /** The devices that the user has signed in on, the one used last first; null if not known. */
  devices: Device[] | null;
  /** The id of the one that is used. */
  current: string;
  /** Shown once, after a success. Empty: none. */
  notice: string;
}

/** Where a person is signed in, with a button to end each of it. */
export function SessionsPage(props: SessionsProps) {
  const { t, signedInAs, sessions, devices, current, notice } = props;
  return (
    <>
      {notice && <Done>{notice}</Done>}
      <ul class="cards">
        {sessions.map(({ id, record }) => (
          <li class="item">
            <dl class="facts">
              <dt>{t.device}</dt>
              <dd>{record.login.userAgent ? deviceName(record.login.userAgent) : t.notKnown}</dd>
              <dt>{t.address}</dt>
              <dd>{record.login.ip ?? t.notKnown}</dd>
              <dt>{t.sessions.since}</dt>
              <dd>
                <Moment t={t} at={record.createdAt} />
              </dd>
              <dt>{t.sessions.lastSeen}</dt>
              <dd>
                <Moment t={t} at={record.lastSeenAt} />
              </dd>
            </dl>
            <div class="row">
              <Button
                action={`/account/sessions/${id}/end`}
                label={id === current ? t.sessions.endCurrent : t.sessions.end}
                signedInAs={signedInAs}
                look="quiet"
              />
              {id === current && <p class="hint">{t.sessions.current}</p>}
            </div>
          </li>
        ))}
      </ul>
      {sessions.length > 1 && (
        <Button
          action="/account/sessions/end-others"
          label={t.sessions.endOthers}
          signedInAs={signedInAs}
        />
      )}
      {devices !== null && devices.length > 0 && (
        <KnownDevices t={t} signedInAs={signedInAs} devices={devices} />
      )}
    </>
  );
}

function KnownDevices({
  t,
  signedInAs,
  devices,
}: Pick<SessionsProps, 't' | 'signedInAs'> & { devices: Device[] }) {
  return (
    <div class="after">
      <h2>{t.devices.title}</h2>
      <p>{t.devices.about}</p>
      <ul class="cards">
        {devices.map(({ id, userAgent, createdAt, lastUsedAt }) => (
          <li class="item">
            <dl class="facts">
              <dt>{t.device}</dt>
              <dd>{userAgent ? deviceName(userAgent) : t.notKnown}</dd>
              <dt>{t.devices.since}</dt>
              <dd>
                <Moment t={t} at={createdAt} />
              </dd>
              <dt>{t.devices.lastUsed}</dt>
              <dd>
                <Moment t={t} at={lastUsedAt} />
              </dd>
            </dl>
            <Button
              action={`/account/devices/${id}/forget`}
              label={t.devices.forget}
              signedInAs={signedInAs}
              look="quiet"
            />
          </li>
        ))}
      </ul>
      {devices.length > 1 && (
        <Button
          action="/account/devices/forget-all"
          label={t.devices.forgetAll}
          signedInAs={signedInAs}
        />
      )}
    </div>
  );
}

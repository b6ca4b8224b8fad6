import { clean, findingText } from '../../src/report/text';
import { Finding, Severity } from '../../src/rules/finding';

const finding: Finding = {
  code: 'MTLS201',
  name: 'plaintext-client-to-strict-server',
  severity: Severity.ERROR,
  at: { place: 'shop/plain', object: 'DestinationRule shop/web', field: 'spec.trafficPolicy.tls.mode' },
  see: [{ place: 'policies.yaml', line: 12, column: 3, object: 'PeerAuthentication shop/default' }],
  calls: [],
  callCount: 0,
  what: 'tls.mode is DISABLE, and the server accepts mTLS only',
  why: 'The server closes the connection.',
  fix: 'Remove the block:\n- tls\n- mode',
  docs: 'docs/rules/mtls201.md',
};

test('a finding is a line that stands alone, and labelled lines', () => {
  expect(findingText(finding)).toBe([
    'error MTLS201 plaintext-client-to-strict-server',
    '    at    shop/plain  (DestinationRule shop/web, spec.trafficPolicy.tls.mode)',
    '    see   policies.yaml:12:3  (PeerAuthentication shop/default)',
    '    what  tls.mode is DISABLE, and the server accepts mTLS only',
    '    why   The server closes the connection.',
    '    fix   Remove the block:',
    '          - tls',
    '          - mode',
    '    docs  docs/rules/mtls201.md',
  ].join('\n'));
});

test('a condition and an acknowledgement have lines of their own', () => {
  const lines = findingText({ ...finding, condition: 'nobody sets the namespace', acknowledged: 'known since 2025' }).split('\n');
  expect(lines[4]).toBe('    if    nobody sets the namespace');
  expect(lines[9]).toBe('    ack   known since 2025');
});

test('what a terminal would act on is shown, not sent', () => {
  expect(clean('a\u001b[31mred\u0007\r\nb\u202ec\u009b')).toBe('a\\u001b[31mred\\u0007\\u000d\nb\\u202ec\\u009b');
  expect(findingText({ ...finding, at: { place: 'x', object: 'Policy \u001b]0;title\u0007' } })).not.toMatch(/[\u001b\u0007]/);
});

test('calls that suffer are named, and those beyond the first ones counted', () => {
  const text = findingText({ ...finding, calls: ['shop/web -> customers.shop.svc.cluster.local:80'], callCount: 3 });
  expect(text).toContain('    see   shop/web -> customers.shop.svc.cluster.local:80\n    see   and 2 more calls\n');
});

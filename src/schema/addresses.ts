/** IP addresses and prefixes as Go's net/netip reads them (ParseAddr, ParsePrefix), which istiod uses. */

/** No leading zeros: netip refuses `010.0.0.1`. */
const OCTET = '(?:0|[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-5])';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const GROUP = /^[0-9a-fA-F]{1,4}$/;

/** Longer texts are no address, whatever they contain; a zone may be long, as it has no syntax. */
const LONGEST_WITHOUT_ZONE = 45;

/** istiod: pkg/util/net IsValidIPAddress and agent ValidateIPAddress. A zone (`fe80::1%eth0`) is allowed. */
export function isIpAddress(value: string): boolean {
  const percent = value.indexOf('%');
  if (percent < 0) return isIpv4(value) || isIpv6(value);
  return percent < value.length - 1 && isIpv6(value.slice(0, percent));
}

/** istiod: agent ValidateIPSubnet. The reason for which the text is neither address nor CIDR block. */
export function subnetProblem(value: string): string | undefined {
  const slash = value.indexOf('/');
  if (slash >= 0 && value.indexOf('/', slash + 1) < 0) {
    return isPrefix(value.slice(0, slash), value.slice(slash + 1)) ? undefined : 'is not a valid CIDR block';
  }
  return isIpAddress(value) ? undefined : 'is not a valid IP';
}

function isPrefix(address: string, bits: string): boolean {
  const v4 = isIpv4(address);
  if (!v4 && !isIpv6(address)) return false;
  return /^(?:\d|[1-9]\d{1,2})$/.test(bits) && Number(bits) <= (v4 ? 32 : 128);
}

function isIpv4(value: string): boolean {
  return value.length <= LONGEST_WITHOUT_ZONE && IPV4.test(value);
}

/** Eight groups, or fewer with one `::`; the last two may be written as an IPv4 address. */
function isIpv6(value: string): boolean {
  if (value.length > LONGEST_WITHOUT_ZONE || !value.includes(':')) return false;
  const gap = value.indexOf('::');
  if (gap >= 0) {
    const front = groups(value.slice(0, gap), false);
    const back = groups(value.slice(gap + 2), true);
    return front !== undefined && back !== undefined && front + back <= 7;
  }
  return groups(value, true) === 8;
}

/** How many 16-bit groups the text has, or undefined when one is malformed. */
function groups(value: string, ipv4Last: boolean): number | undefined {
  if (value === '') return 0;
  const parts = value.split(':');
  let count = parts.length;
  for (let i = 0; i < parts.length; i++) {
    if (ipv4Last && i === parts.length - 1 && isIpv4(parts[i])) count += 1;
    else if (!GROUP.test(parts[i])) return undefined;
  }
  return count;
}

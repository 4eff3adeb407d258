/**
 * The one thing that access tokens of the WAF are for: access to the IMS (TS 24.371 A.3, RFC 9068).
 *
 * @module
 */

/** The scope that lets a WIC register. */
export const imsAccessScope = 'webrtc-ims-client-access-to-ims';

export const openidScopes = ['openid', 'offline_access'] as const;

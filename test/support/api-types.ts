// Made from docs/openapi.json by `npm run openapi`. Do not edit.
export interface paths {
    "/api/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make a learner account and log in */
        post: operations["authRegister"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Log in: opens a session and gives its first tokens */
        post: operations["authLogin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change a refresh token for new tokens
         * @description Sending the same token again at once, or because the reply was lost, gives the same successor. A token replaced earlier ends the session.
         */
        post: operations["authRefresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the session of a refresh token
         * @description For clients whose access token has expired, as RFC 7009 has it: a token that is not good, or not any more, is no error.
         */
        post: operations["authRevoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End this session */
        post: operations["authLogout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End all my sessions, this one too */
        post: operations["authLogoutAll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/email/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirm an e-mail address with the token of a letter */
        post: operations["emailVerify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/email/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send the letter that confirms my e-mail address again */
        post: operations["emailSendAgain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Public keys that access tokens are signed with (RFC 7517) */
        get: operations["jwksJwks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password/forgot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a letter with which to choose a new password
         * @description Answers the same whether or not there is an account with the address.
         */
        post: operations["passwordForgot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Choose a new password with the token of a letter; ends all sessions */
        post: operations["passwordReset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/password/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change my password: ends my other sessions, and gives this one new tokens */
        post: operations["passwordChange"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Finish a login with a code
         * @description After `POST /auth/login` answered 401 `auth.second_factor_required` with a challenge.
         */
        post: operations["secondFactorLoginLogin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/step-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show again that it is me
         * @description What routes that answer 403 `auth.step_up_required` ask for: a code where the account has an authenticator app, the password elsewhere. A login counts, too.
         */
        post: operations["stepUpProve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/passkeys/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a browser needs to log in with a passkey
         * @description Good once, for five minutes.
         */
        post: operations["passkeyLoginChallenge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/passkeys/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in with a passkey
         * @description Needs neither password nor code.
         */
        post: operations["passkeyLoginLogin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The account that is logged in */
        get: operations["usersMe"];
        put?: never;
        post?: never;
        /** Delete my account with all my attempts, for good */
        delete: operations["myAccountRemove"];
        options?: never;
        head?: never;
        /** Change my account */
        patch: operations["usersChange"];
        trace?: never;
    };
    "/api/v1/users/me/security-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened to my account, the newest first
         * @description Logins, failed ones too, ended sessions, changes of password and second factor. Not every renewal.
         */
        get: operations["securityEventsList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/second-factors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether my logins need a code */
        get: operations["secondFactorsStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to set up an authenticator app
         * @description Logins stay as they are until a code was sent to `/users/me/totp/confirm`.
         */
        post: operations["secondFactorsBegin"];
        /** Turn the authenticator app and the recovery codes off */
        delete: operations["secondFactorsTurnOff"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Turn the authenticator app on with a code of it */
        post: operations["secondFactorsConfirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make new recovery codes
         * @description Earlier ones are good no more.
         */
        post: operations["secondFactorsRenew"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My passkeys, oldest first
         * @description All of them on one page: their number is limited.
         */
        get: operations["passkeysList"];
        put?: never;
        /** Add the passkey that the browser made */
        post: operations["passkeysAdd"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/passkeys/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a browser needs to make a passkey
         * @description Good once, for five minutes.
         */
        post: operations["passkeysChallenge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/passkeys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a passkey */
        delete: operations["passkeysRemove"];
        options?: never;
        head?: never;
        /** Rename a passkey */
        patch: operations["passkeysRename"];
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My live sessions, used last first
         * @description All of them on one page: their number is limited.
         */
        get: operations["sessionsList"];
        put?: never;
        post?: never;
        /** End all my sessions but this one */
        delete: operations["sessionsRevokeOthers"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of my sessions */
        delete: operations["sessionsRevoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/questions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Browse the question bank, oldest first
         * @description Learners get no keys, no explanations, and no options that are only heard.
         */
        get: operations["questionsList"];
        put?: never;
        /**
         * Add a question (editors)
         * @description Needs the role `teacher` or `admin`.
         */
        post: operations["questionsCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/questions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One question with its passages */
        get: operations["questionsGet"];
        put?: never;
        post?: never;
        /**
         * Archive a question (editors)
         * @description It leaves the bank; published exams keep it. Needs the role `teacher` or `admin`.
         */
        delete: operations["questionsArchive"];
        options?: never;
        head?: never;
        /**
         * Change a question (editors): makes a new version
         * @description Published exams keep the version they were published with. Needs the role `teacher` or `admin`.
         */
        patch: operations["questionsChange"];
        trace?: never;
    };
    "/api/v1/exams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Published exams */
        get: operations["examsList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One exam as its candidates see it
         * @description Blanks of Part 6 are written `-------(131)`. Keys, explanations and transcripts come with the review.
         */
        get: operations["examsGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exams/{id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start an attempt, or get back the one that is open
         * @description 201 when it was started now, 200 with the open one. The clock is the server’s.
         */
        post: operations["examsStart"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My attempts, newest first */
        get: operations["attemptsList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attempts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One attempt, to go on with on any device */
        get: operations["attemptsGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attempts/{id}/answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Save answers
         * @description The reply says what is stored. After a network error send the same body again.
         */
        put: operations["attemptsSave"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attempts/{id}/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the attempt, optionally with a last save
         * @description Submitting again gives the same attempt.
         */
        post: operations["attemptsSubmit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attempts/{id}/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Scores of an attempt that is over */
        get: operations["attemptsResult"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/attempts/{id}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Keys, explanations and transcripts of an attempt that is over */
        get: operations["attemptsReview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/progress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What I have achieved, over my last 200 attempts */
        get: operations["progressGet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/signing-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The keys that access tokens are signed with, newest first (admins)
         * @description All of them on one page: there are a handful. Needs the role `admin`.
         */
        get: operations["signingKeysList"];
        put?: never;
        /**
         * Rotate: make the key that signs next (admins)
         * @description It is published at once and signs from `activeFrom` on. Until then rotating again answers the same key with 200. Nobody is logged out: the old key stays good as long as the tokens it signed. Needs the role `admin`.
         */
        post: operations["signingKeysRotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/signing-keys/{kid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a key that leaked (admins)
         * @description Every access token it signed is refused within a second, yours too; a refresh gives a good one. If it was the key that signs, another one signs at once. Needs the role `admin`.
         */
        delete: operations["signingKeysRevoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All accounts, the newest first (admins)
         * @description Needs the role `admin`.
         */
        get: operations["adminUsersList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One account (admins)
         * @description Needs the role `admin`.
         */
        get: operations["adminUsersGet"];
        put?: never;
        post?: never;
        /**
         * Delete an account with all its attempts, for good (admins)
         * @description Needs the role `admin`.
         */
        delete: operations["adminUsersRemove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End all sessions of an account and let it in no more (admins)
         * @description Needs the role `admin`.
         */
        post: operations["adminUsersDisable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a disabled account in again (admins)
         * @description Needs the role `admin`.
         */
        post: operations["adminUsersEnable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Live sessions of an account, used last first (admins)
         * @description Needs the role `admin`.
         */
        get: operations["adminUsersSessions"];
        put?: never;
        post?: never;
        /**
         * End all sessions of an account (admins)
         * @description Needs the role `admin`.
         */
        delete: operations["adminUsersRevokeSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a session of an account (admins)
         * @description Needs the role `admin`.
         */
        delete: operations["adminUsersRevokeSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What admins did to accounts and sessions, the newest first (admins)
         * @description Needs the role `admin`.
         */
        get: operations["auditList"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/cache/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hits, misses, loads and bytes of the cache by namespace (admins)
         * @description Counts are of the instance that answers, since its start. Needs the role `admin`.
         */
        get: operations["cacheStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/cache/entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is cached, by namespace or tag (admins)
         * @description In no order. A page can have fewer entries than asked for, or none, and not be the last. Needs the role `admin`.
         */
        get: operations["cacheEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/cache/invalidate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have tags or namespaces loaded anew, on every instance (admins)
         * @description Needs the role `admin`.
         */
        post: operations["cacheInvalidate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/cache/warming": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far this instance is with warming its cache (admins)
         * @description Needs the role `admin`.
         */
        get: operations["cacheWarming"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/cache/warm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Load what is used most before anybody asks (admins)
         * @description Goes on in the background; `GET /admin/cache/warming` says how far it is. Needs the role `admin`.
         */
        post: operations["cacheWarm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/session-analytics/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Days of sessions in a few numbers (admins)
         * @description Needs the role `admin`.
         */
        get: operations["sessionAnalyticsSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/session-analytics/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Active users and sessions by day (admins)
         * @description Days that were counted, the oldest first. Today is preliminary. Needs the role `admin`.
         */
        get: operations["sessionAnalyticsActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/session-analytics/refreshes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What became of refresh tokens by day (admins)
         * @description Needs the role `admin`.
         */
        get: operations["sessionAnalyticsRefreshes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/session-analytics/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Devices over all days, those used most first (admins)
         * @description Needs the role `admin`.
         */
        get: operations["sessionAnalyticsDevices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/session-analytics/revocations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why sessions were ended, by day (admins)
         * @description Needs the role `admin`.
         */
        get: operations["sessionAnalyticsRevocations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/session-analytics/suspicious-activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What to look into, the newest first (admins)
         * @description Within one hour of the clock: `refresh_reused` is 1 `refresh.reused` of one session, `refresh_from_the_future` is 1 `refresh.from_the_future` of one session, `passkey_copied` is 1 `passkey.copied` of one account, `password_guessing` is 10 `login.failed` of one account, `password_spraying` is 100 `login.failed` of one address, `code_guessing` is 5 `two_factor.failed` of one account, `login_flood` is 5 `login.limited` of one address, or more. CSV has all of the range, on no pages. Needs the role `admin`.
         */
        get: operations["sessionAnalyticsSuspiciousActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process is alive */
        get: operations["healthLive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Requests can be served: database and migrations are well; `degraded` without Redis, which still is 200 */
        get: operations["healthReady"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is well and what is not; always answers 200 */
        get: operations["healthHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AbilityShare: {
            /** @enum {string} */
            ability: "L1" | "L2" | "L3" | "L4" | "L5" | "R1" | "R2" | "R3" | "R4" | "R5";
            correct: number;
            total: number;
        };
        /**
         * @example {
         *       "name": "My phone",
         *       "credential": {
         *         "id": "BASe64UrlIdOfTheCredential",
         *         "rawId": "BASe64UrlIdOfTheCredential",
         *         "type": "public-key",
         *         "clientExtensionResults": {},
         *         "response": {
         *           "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0",
         *           "attestationObject": "o2NmbXRkbm9uZQ",
         *           "transports": [
         *             "internal"
         *           ]
         *         }
         *       }
         *     }
         */
        AddPasskey: {
            /** @description The name of the device unless given. */
            name?: string;
            credential: {
                /** @description Base64url. */
                id: string;
                /** @description Base64url. */
                rawId: string;
                /** @enum {string} */
                type: "public-key";
                /** @enum {string} */
                authenticatorAttachment?: "cross-platform" | "platform";
                /** @default {} */
                clientExtensionResults?: {
                    [key: string]: unknown;
                };
                response: {
                    /** @description Base64url. */
                    clientDataJSON: string;
                    /** @description Base64url. */
                    attestationObject: string;
                    transports?: string[];
                } & {
                    [key: string]: unknown;
                };
            } & {
                [key: string]: unknown;
            };
        };
        /**
         * @example {
         *       "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *       "email": "mei.tanaka@example.com",
         *       "displayName": "Mei Tanaka",
         *       "roles": [
         *         "learner"
         *       ],
         *       "emailVerified": true,
         *       "createdAt": "2026-11-22T09:30:00.000Z",
         *       "status": "active"
         *     }
         */
        AdminUser: {
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            id: string;
            /** Format: email */
            email: string;
            displayName: string;
            roles: ("learner" | "teacher" | "admin")[];
            /** @description Whether a letter to the address was answered. */
            emailVerified: boolean;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            createdAt: string;
            /** @enum {string} */
            status: "active" | "disabled";
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *           "email": "mei.tanaka@example.com",
         *           "displayName": "Mei Tanaka",
         *           "roles": [
         *             "learner"
         *           ],
         *           "emailVerified": true,
         *           "createdAt": "2026-11-22T09:30:00.000Z",
         *           "status": "active"
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        AdminUserList: {
            items: components["schemas"]["AdminUser"][];
            /** @description The `cursor` of the next page; null at the end. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *       "examId": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81",
         *       "status": "in_progress",
         *       "startedAt": "2026-11-22T09:30:00.000Z",
         *       "deadlineAt": "2026-11-22T10:00:00.000Z",
         *       "serverTime": "2026-11-22T09:41:07.000Z",
         *       "finishedAt": null,
         *       "revision": 2,
         *       "listeningPositionMs": 0,
         *       "answers": [
         *         {
         *           "number": 1,
         *           "choice": "C"
         *         }
         *       ]
         *     }
         */
        Attempt: {
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            id: string;
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            examId: string;
            /** @enum {string} */
            status: "in_progress" | "submitted" | "expired";
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            startedAt: string;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            deadlineAt: string;
            /**
             * Format: date-time
             * @description The clock to show time left by.
             * @example 2026-11-22T09:30:00.000Z
             */
            serverTime: string;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            finishedAt: string | null;
            /** @description Raised by every save. */
            revision: number;
            listeningPositionMs: number;
            answers: {
                /** @description Number of the item in the exam. */
                number: number;
                /** @enum {string} */
                choice: "A" | "B" | "C" | "D";
            }[];
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *           "examId": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81",
         *           "status": "in_progress",
         *           "startedAt": "2026-11-22T09:30:00.000Z",
         *           "deadlineAt": "2026-11-22T10:00:00.000Z",
         *           "serverTime": "2026-11-22T09:41:07.000Z",
         *           "finishedAt": null,
         *           "revision": 2,
         *           "listeningPositionMs": 0,
         *           "answers": [
         *             {
         *               "number": 1,
         *               "choice": "C"
         *             }
         *           ]
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        AttemptList: {
            items: components["schemas"]["Attempt"][];
            /** @description The `cursor` of the next page; null at the end. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *       "at": "2026-11-22T09:30:00.000Z",
         *       "kind": "session.revoked",
         *       "actorId": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81",
         *       "userId": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f82",
         *       "sessionId": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f83",
         *       "ip": "203.0.113.7",
         *       "reason": "admin"
         *     }
         */
        AuditEntry: {
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            id: string;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            at: string;
            /** @description Such as `account.disabled`, `session.revoked`, `sessions.revoked_all`. */
            kind: string;
            /**
             * Format: uuid
             * @description Who did it.
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            actorId: string;
            /**
             * Format: uuid
             * @description Whose account it was done to; it may be gone.
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            userId: string | null;
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            sessionId: string | null;
            /** @description Where from. */
            ip: string | null;
            reason: string | null;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *           "at": "2026-11-22T09:30:00.000Z",
         *           "kind": "session.revoked",
         *           "actorId": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81",
         *           "userId": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f82",
         *           "sessionId": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f83",
         *           "ip": "203.0.113.7",
         *           "reason": "admin"
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        AuditEntryList: {
            items: components["schemas"]["AuditEntry"][];
            /** @description The `cursor` of the next page; null at the end. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "name": "exams: /api/v1/exams",
         *       "tags": [
         *         "exams"
         *       ],
         *       "kind": "value",
         *       "sizeBytes": 812,
         *       "storedAt": "2026-11-22T09:30:00.000Z",
         *       "freshUntil": "2026-11-22T09:44:12.000Z"
         *     }
         */
        CacheEntry: {
            /** @description `namespace:` and the rest; of a response, for whom and which URL. */
            name: string;
            tags: string[];
            /** @enum {string} */
            kind: "value" | "absent" | "failed";
            sizeBytes: number;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            storedAt: string;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            freshUntil: string;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "name": "exams: /api/v1/exams",
         *           "tags": [
         *             "exams"
         *           ],
         *           "kind": "value",
         *           "sizeBytes": 812,
         *           "storedAt": "2026-11-22T09:30:00.000Z",
         *           "freshUntil": "2026-11-22T09:44:12.000Z"
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        CacheEntryList: {
            items: components["schemas"]["CacheEntry"][];
            /** @description The `cursor` of the next page; null at the end. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "shared": true,
         *       "local": {
         *         "entries": 12,
         *         "sizeBytes": 184320
         *       },
         *       "namespaces": [
         *         {
         *           "namespace": "exams",
         *           "hitRate": 0.998,
         *           "localHits": 20412,
         *           "storeHits": 9,
         *           "stale": 0,
         *           "coalesced": 3,
         *           "misses": 5,
         *           "loads": 5,
         *           "loadFailures": 0,
         *           "averageLoadMs": 4.2,
         *           "storeErrors": 0,
         *           "local": {
         *             "entries": 4,
         *             "sizeBytes": 95300
         *           },
         *           "stored": {
         *             "entries": 4,
         *             "sizeBytes": 41200
         *           }
         *         }
         *       ],
         *       "complete": true
         *     }
         */
        CacheStatistics: {
            /** @description Whether all instances share the store. */
            shared: boolean;
            local: {
                entries: number;
                sizeBytes: number;
            };
            namespaces: {
                namespace: string;
                /** @description Share of look-ups that waited for no load; null before the first. */
                hitRate: number | null;
                /** @description Answered from the memory of this instance. */
                localHits: number;
                /** @description Answered from the store. */
                storeHits: number;
                /** @description Answered with a value that was not fresh any more, while a new one was loaded. */
                stale: number;
                /** @description Answered by the load of another caller. */
                coalesced: number;
                /** @description Waited for a load. */
                misses: number;
                loads: number;
                loadFailures: number;
                averageLoadMs: number | null;
                /** @description The store did not answer. */
                storeErrors: number;
                /** @description In the memory of this instance. */
                local: {
                    entries: number;
                    sizeBytes: number;
                };
                /** @description In the store, that all instances share with Redis. */
                stored: {
                    entries: number;
                    sizeBytes: number;
                };
            }[];
            /** @description False where the store has more entries than were counted. */
            complete: boolean;
        };
        /**
         * @example {
         *       "state": "done",
         *       "trigger": "start",
         *       "total": 14,
         *       "warmed": 14,
         *       "failed": 0,
         *       "startedAt": "2026-11-22T09:30:00.000Z",
         *       "finishedAt": "2026-11-22T09:30:00.412Z"
         *     }
         */
        CacheWarming: {
            /** @enum {string} */
            state: "never" | "running" | "done";
            /** @enum {string|null} */
            trigger: "start" | "invalidation" | "schedule" | "admin" | null;
            /** @description Answers that are to be there. */
            total: number;
            warmed: number;
            failed: number;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            startedAt: string | null;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            finishedAt: string | null;
        };
        /**
         * @example {
         *       "currentPassword": "plum-kettle-94-river",
         *       "newPassword": "amber-violin-51-harbour"
         *     }
         */
        ChangePassword: {
            currentPassword: string;
            /** @description At least 8 characters, not a common one. */
            newPassword: string;
            /**
             * @description The cookie if the request has it, the body otherwise.
             * @enum {string}
             */
            transport?: "body" | "cookie";
        };
        /**
         * @example {
         *       "difficulty": 3,
         *       "expectedVersion": 1
         *     }
         */
        ChangeQuestion: {
            /** @enum {string} */
            ability?: "L1" | "L2" | "L3" | "L4" | "L5" | "R1" | "R2" | "R3" | "R4" | "R5";
            difficulty?: number;
            tags?: string[];
            stem?: string | null;
            options?: string[];
            /** @enum {string} */
            key?: "A" | "B" | "C" | "D";
            explanation?: string;
            distractors?: {
                A?: string;
                B?: string;
                C?: string;
                D?: string;
            };
            /** @description Refuse when somebody else changed it since. */
            expectedVersion?: number;
        };
        /**
         * @example {
         *       "displayName": "Mei Tanaka"
         *     }
         */
        ChangeUser: {
            displayName: string;
        };
        /**
         * @example {
         *       "from": "2026-11-22",
         *       "to": "2026-11-22",
         *       "computedAt": "2026-11-22T09:30:00.000Z",
         *       "rows": [
         *         {
         *           "device": "Firefox on Linux",
         *           "sessionsOpened": 12,
         *           "sessionDays": 31
         *         }
         *       ]
         *     }
         */
        DeviceReport: {
            /**
             * Format: date
             * @description The first day.
             * @example 2026-11-22
             */
            from: string;
            /**
             * Format: date
             * @description The last day.
             * @example 2026-11-22
             */
            to: string;
            /**
             * Format: date-time
             * @description When today was counted last, some minutes ago unless the job is late; null before the first time.
             * @example 2026-11-22T09:30:00.000Z
             */
            computedAt: string | null;
            rows: {
                /** @description Browser and operating system; `Other` for what is rare. */
                device: string;
                /** @description Logins. */
                sessionsOpened: number;
                /** @description Days on which sessions were opened or renewed, over all sessions. */
                sessionDays: number;
            }[];
        };
        /** @description Why each wrong option is wrong. */
        Distractors: {
            A?: string;
            B?: string;
            C?: string;
            D?: string;
        };
        /**
         * @example {
         *       "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *       "slug": "reading-mini-1",
         *       "title": "Reading Mini Test 1",
         *       "description": "A short reading test.",
         *       "kind": "mini",
         *       "limitSeconds": 1800,
         *       "itemCount": 40,
         *       "sections": [
         *         {
         *           "name": "reading",
         *           "limitSeconds": 1800,
         *           "parts": [
         *             {
         *               "part": 5,
         *               "directions": "Choose the word or phrase that best completes the sentence.",
         *               "sets": [
         *                 {
         *                   "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f82",
         *                   "passages": [],
         *                   "audioUrl": null,
         *                   "graphicUrl": null,
         *                   "graphicAlt": null,
         *                   "items": [
         *                     {
         *                       "number": 101,
         *                       "stem": "The committee ------- the proposal before Friday.",
         *                       "options": [
         *                         {
         *                           "label": "A",
         *                           "text": "approve"
         *                         },
         *                         {
         *                           "label": "B",
         *                           "text": "approval"
         *                         },
         *                         {
         *                           "label": "C",
         *                           "text": "will approve"
         *                         },
         *                         {
         *                           "label": "D",
         *                           "text": "approving"
         *                         }
         *                       ]
         *                     }
         *                   ]
         *                 }
         *               ]
         *             }
         *           ]
         *         }
         *       ]
         *     }
         */
        Exam: {
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            id: string;
            slug: string;
            title: string;
            description: string;
            /** @enum {string} */
            kind: "full" | "mini" | "part";
            limitSeconds: number;
            itemCount: number;
            sections: {
                /** @enum {string} */
                name: "listening" | "reading";
                limitSeconds: number;
                parts: {
                    part: number;
                    directions: string;
                    sets: {
                        /**
                         * Format: uuid
                         * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
                         */
                        id: string;
                        passages: components["schemas"]["Passage"][];
                        audioUrl: string | null;
                        graphicUrl: string | null;
                        /** @description What the graphic shows, for those who cannot see it. */
                        graphicAlt: string | null;
                        items: {
                            number: number;
                            stem: string | null;
                            options: components["schemas"]["Option"][];
                        }[];
                    }[];
                }[];
            }[];
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *           "slug": "reading-mini-1",
         *           "title": "Reading Mini Test 1",
         *           "description": "A short reading test.",
         *           "kind": "mini",
         *           "limitSeconds": 1800,
         *           "itemCount": 40
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        ExamList: {
            items: components["schemas"]["ExamSummary"][];
            /** @description The `cursor` of the next page; null at the end. */
            nextCursor: string | null;
        };
        ExamRef: {
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            id: string;
            slug: string;
            title: string;
            /** @enum {string} */
            kind: "full" | "mini" | "part";
        };
        /**
         * @example {
         *       "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *       "slug": "reading-mini-1",
         *       "title": "Reading Mini Test 1",
         *       "description": "A short reading test.",
         *       "kind": "mini",
         *       "limitSeconds": 1800,
         *       "itemCount": 40
         *     }
         */
        ExamSummary: {
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            id: string;
            slug: string;
            title: string;
            description: string;
            /** @enum {string} */
            kind: "full" | "mini" | "part";
            limitSeconds: number;
            itemCount: number;
        };
        /**
         * @example {
         *       "email": "mei.tanaka@example.com"
         *     }
         */
        ForgotPassword: {
            /**
             * Format: email
             * @example mei.tanaka@example.com
             */
            email: string;
        };
        /**
         * @example {
         *       "status": "ok",
         *       "checks": {
         *         "database": {
         *           "status": "up",
         *           "ms": 1
         *         },
         *         "migrations": {
         *           "status": "up",
         *           "ms": 2
         *         }
         *       }
         *     }
         */
        Health: {
            /** @enum {string} */
            status: "ok" | "degraded" | "unavailable";
            checks: {
                [key: string]: {
                    /** @enum {string} */
                    status: "up" | "down";
                    ms: number;
                    reason?: string;
                };
            };
        };
        /**
         * @example {
         *       "tags": [
         *         "exams"
         *       ],
         *       "namespaces": []
         *     }
         */
        InvalidateCache: {
            /**
             * @description What depends on one of these is loaded anew.
             * @default []
             */
            tags?: string[];
            /**
             * @description Everything in these is loaded anew.
             * @default []
             */
            namespaces?: string[];
        };
        /**
         * @example {
         *       "keys": [
         *         {
         *           "kty": "EC",
         *           "crv": "P-256",
         *           "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
         *           "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
         *           "kid": "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
         *           "alg": "ES256",
         *           "use": "sig"
         *         }
         *       ]
         *     }
         */
        JsonWebKeySet: {
            keys: {
                kty: string;
                crv: string;
                x: string;
                y: string;
                kid: string;
                alg: string;
                use: string;
            }[];
        };
        /**
         * @example {
         *       "status": "ok"
         *     }
         */
        Liveness: {
            /** @enum {string} */
            status: "ok";
        };
        /**
         * @example {
         *       "email": "mei.tanaka@example.com",
         *       "password": "plum-kettle-94-river"
         *     }
         */
        Login: {
            /**
             * Format: email
             * @example mei.tanaka@example.com
             */
            email: string;
            password: string;
            /**
             * @description How the refresh token travels: in bodies, or in the HttpOnly cookie `__Host-refresh`.
             * @default body
             * @enum {string}
             */
            transport?: "body" | "cookie";
            /** @description The one this device got last: then the guesses of strangers do not use up its attempts. */
            deviceToken?: string;
        };
        /**
         * @example {
         *       "message": "If there is such an account, a letter is on its way."
         *     }
         */
        MailAccepted: {
            message: string;
        };
        /**
         * @example {
         *       "part": 5,
         *       "ability": "R5",
         *       "difficulty": 2,
         *       "tags": [
         *         "verb-tense"
         *       ],
         *       "stem": "The committee ------- the proposal before Friday.",
         *       "options": [
         *         "approve",
         *         "approval",
         *         "will approve",
         *         "approving"
         *       ],
         *       "key": "C",
         *       "explanation": "“Before Friday” lies ahead, so the sentence needs a future form.",
         *       "distractors": {
         *         "A": "Does not agree with a singular subject.",
         *         "B": "A noun.",
         *         "D": "Not a finite verb."
         *       }
         *     }
         */
        NewQuestion: {
            /** @enum {integer} */
            part: 1 | 2 | 3 | 4 | 5 | 6 | 7;
            /** @enum {string} */
            ability: "L1" | "L2" | "L3" | "L4" | "L5" | "R1" | "R2" | "R3" | "R4" | "R5";
            difficulty: number;
            /** @default [] */
            tags?: string[];
            /** @default null */
            stem?: string | null;
            options: string[];
            /** @enum {string} */
            key: "A" | "B" | "C" | "D";
            explanation: string;
            distractors: {
                A?: string;
                B?: string;
                C?: string;
                D?: string;
            };
            /**
             * Format: uuid
             * @description Add to this set instead of making a new one.
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            setId?: string;
            /** @default [] */
            passages?: {
                kind: string;
                title: string | null;
                text: string;
            }[];
            /** @default null */
            audioUrl?: string | null;
            /** @default null */
            graphicUrl?: string | null;
            /**
             * @description What the graphic shows, without an answer.
             * @default null
             */
            graphicAlt?: string | null;
            /** @default null */
            transcript?: {
                speaker: string;
                text: string;
            }[] | null;
        };
        Option: {
            /** @enum {string} */
            label: "A" | "B" | "C" | "D";
            /** @description Null where options are only heard. */
            text: string | null;
        };
        PartShare: {
            part: number;
            correct: number;
            total: number;
        };
        Passage: {
            kind: string;
            title: string | null;
            text: string;
        };
        /**
         * @example {
         *       "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *       "name": "My phone",
         *       "synced": true,
         *       "createdAt": "2026-11-22T09:30:00.000Z",
         *       "lastUsedAt": null
         *     }
         */
        Passkey: {
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            id: string;
            name: string;
            /** @description Also on the owner's other devices. */
            synced: boolean;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            lastUsedAt: string | null;
        };
        /**
         * @description For `PublicKeyCredential.parseCreationOptionsFromJSON()`.
         * @example {
         *       "challenge": "q83vEjRWeJq83vEjRWeJ",
         *       "rp": {
         *         "id": "school.example",
         *         "name": "Mockingbird"
         *       },
         *       "user": {
         *         "id": "AZCm4nwffT6bGi9MXW5_gA",
         *         "name": "mei.tanaka@example.com",
         *         "displayName": "Mei Tanaka"
         *       },
         *       "pubKeyCredParams": [
         *         {
         *           "alg": -7,
         *           "type": "public-key"
         *         }
         *       ]
         *     }
         */
        PasskeyCreationOptions: {
            challenge: string;
        } & {
            [key: string]: unknown;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *           "name": "My phone",
         *           "synced": true,
         *           "createdAt": "2026-11-22T09:30:00.000Z",
         *           "lastUsedAt": null
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        PasskeyList: {
            items: components["schemas"]["Passkey"][];
            /** @description The `cursor` of the next page; null at the end. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "credential": {
         *         "id": "BASe64UrlIdOfTheCredential",
         *         "rawId": "BASe64UrlIdOfTheCredential",
         *         "type": "public-key",
         *         "clientExtensionResults": {},
         *         "response": {
         *           "clientDataJSON": "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0",
         *           "authenticatorData": "SZYN5YgOjGh0NBcP",
         *           "signature": "MEUCIQ"
         *         }
         *       }
         *     }
         */
        PasskeyLogin: {
            /**
             * @description How the refresh token travels: in bodies, or in the HttpOnly cookie `__Host-refresh`.
             * @default body
             * @enum {string}
             */
            transport?: "body" | "cookie";
            credential: {
                /** @description Base64url. */
                id: string;
                /** @description Base64url. */
                rawId: string;
                /** @enum {string} */
                type: "public-key";
                /** @enum {string} */
                authenticatorAttachment?: "cross-platform" | "platform";
                /** @default {} */
                clientExtensionResults?: {
                    [key: string]: unknown;
                };
                response: {
                    /** @description Base64url. */
                    clientDataJSON: string;
                    /** @description Base64url. */
                    authenticatorData: string;
                    /** @description Base64url. */
                    signature: string;
                    /** @description Base64url. */
                    userHandle?: string;
                } & {
                    [key: string]: unknown;
                };
            } & {
                [key: string]: unknown;
            };
        };
        /**
         * @description For `PublicKeyCredential.parseRequestOptionsFromJSON()`.
         * @example {
         *       "challenge": "q83vEjRWeJq83vEjRWeJ",
         *       "rpId": "school.example",
         *       "userVerification": "required"
         *     }
         */
        PasskeyRequestOptions: {
            challenge: string;
        } & {
            [key: string]: unknown;
        };
        /**
         * @example {
         *       "type": "urn:mockingbird:error:session.not_found",
         *       "title": "There is no such session.",
         *       "status": 404,
         *       "code": "session.not_found",
         *       "requestId": "4b4f1a52-6c8e-4f2e-8a51-0c8d6c1f9a10"
         *     }
         */
        Problem: {
            /** @description `urn:mockingbird:error:` and the code. */
            type: string;
            /** @description For people. */
            title: string;
            /** @description The HTTP status. */
            status: number;
            /** @description Stable: decide by this. */
            code: string;
            /** @description Names the request in the logs. */
            requestId: string;
            /** @description Rejected members. */
            errors?: {
                /** @description Dotted, empty for the whole. */
                path: string;
                message: string;
            }[];
        } & {
            [key: string]: unknown;
        };
        /**
         * @example {
         *       "attempts": 1,
         *       "parts": [
         *         {
         *           "part": 5,
         *           "correct": 12,
         *           "total": 15
         *         }
         *       ],
         *       "abilities": [
         *         {
         *           "ability": "R5",
         *           "correct": 9,
         *           "total": 12
         *         }
         *       ],
         *       "history": [
         *         {
         *           "attemptId": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *           "exam": {
         *             "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81",
         *             "slug": "reading-mini-1",
         *             "title": "Reading Mini Test 1",
         *             "kind": "mini"
         *           },
         *           "finishedAt": "2026-11-22T09:58:41.000Z",
         *           "correct": 12,
         *           "total": 15,
         *           "scaled": null
         *         }
         *       ]
         *     }
         */
        Progress: {
            attempts: number;
            parts: components["schemas"]["PartShare"][];
            abilities: components["schemas"]["AbilityShare"][];
            history: {
                /**
                 * Format: uuid
                 * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
                 */
                attemptId: string;
                exam: components["schemas"]["ExamRef"];
                /**
                 * Format: date-time
                 * @example 2026-11-22T09:30:00.000Z
                 */
                finishedAt: string;
                correct: number;
                total: number;
                scaled: number | null;
            }[];
        };
        /**
         * @description Key, explanation and distractors only for editors.
         * @example {
         *       "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *       "setId": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81",
         *       "part": 5,
         *       "ability": "R5",
         *       "difficulty": 2,
         *       "tags": [
         *         "verb-tense"
         *       ],
         *       "stem": "The committee ------- the proposal before Friday.",
         *       "options": [
         *         {
         *           "label": "A",
         *           "text": "approve"
         *         },
         *         {
         *           "label": "B",
         *           "text": "approval"
         *         },
         *         {
         *           "label": "C",
         *           "text": "will approve"
         *         },
         *         {
         *           "label": "D",
         *           "text": "approving"
         *         }
         *       ],
         *       "version": 1
         *     }
         */
        Question: {
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            id: string;
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            setId: string;
            part: number;
            /** @enum {string} */
            ability: "L1" | "L2" | "L3" | "L4" | "L5" | "R1" | "R2" | "R3" | "R4" | "R5";
            difficulty: number;
            tags: string[];
            stem: string | null;
            options: components["schemas"]["Option"][];
            version: number;
            /** @enum {string} */
            key?: "A" | "B" | "C" | "D";
            explanation?: string;
            distractors?: components["schemas"]["Distractors"];
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            archivedAt?: string | null;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            createdAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            updatedAt?: string;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *           "setId": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81",
         *           "part": 5,
         *           "ability": "R5",
         *           "difficulty": 2,
         *           "tags": [
         *             "verb-tense"
         *           ],
         *           "stem": "The committee ------- the proposal before Friday.",
         *           "options": [
         *             {
         *               "label": "A",
         *               "text": "approve"
         *             },
         *             {
         *               "label": "B",
         *               "text": "approval"
         *             },
         *             {
         *               "label": "C",
         *               "text": "will approve"
         *             },
         *             {
         *               "label": "D",
         *               "text": "approving"
         *             }
         *           ],
         *           "version": 1
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        QuestionList: {
            items: components["schemas"]["Question"][];
            /** @description The `cursor` of the next page; null at the end. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *       "setId": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81",
         *       "part": 5,
         *       "ability": "R5",
         *       "difficulty": 2,
         *       "tags": [
         *         "verb-tense"
         *       ],
         *       "stem": "The committee ------- the proposal before Friday.",
         *       "options": [
         *         {
         *           "label": "A",
         *           "text": "approve"
         *         },
         *         {
         *           "label": "B",
         *           "text": "approval"
         *         },
         *         {
         *           "label": "C",
         *           "text": "will approve"
         *         },
         *         {
         *           "label": "D",
         *           "text": "approving"
         *         }
         *       ],
         *       "version": 1,
         *       "set": {
         *         "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81",
         *         "passages": [],
         *         "audioUrl": null,
         *         "graphicUrl": null,
         *         "graphicAlt": null
         *       }
         *     }
         */
        QuestionWithSet: {
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            id: string;
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            setId: string;
            part: number;
            /** @enum {string} */
            ability: "L1" | "L2" | "L3" | "L4" | "L5" | "R1" | "R2" | "R3" | "R4" | "R5";
            difficulty: number;
            tags: string[];
            stem: string | null;
            options: components["schemas"]["Option"][];
            version: number;
            /** @enum {string} */
            key?: "A" | "B" | "C" | "D";
            explanation?: string;
            distractors?: components["schemas"]["Distractors"];
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            archivedAt?: string | null;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            createdAt?: string;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            updatedAt?: string;
            set: {
                /**
                 * Format: uuid
                 * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
                 */
                id: string;
                passages: components["schemas"]["Passage"][];
                audioUrl: string | null;
                graphicUrl: string | null;
                graphicAlt: string | null;
                transcript?: components["schemas"]["TranscriptLine"][] | null;
            };
        };
        /**
         * @example {
         *       "recoveryCodes": [
         *         "7K2QF-0XM4D",
         *         "W3R8T-6YH1C"
         *       ]
         *     }
         */
        RecoveryCodes: {
            /** @description Never shown again. */
            recoveryCodes: string[];
        };
        /**
         * @example {
         *       "refreshToken": "rt1.0.AZCm4nwffT6bGi9MXW5_gAAAAAD2l0c0k8Vq..."
         *     }
         */
        Refresh: {
            /** @description Left out by clients that chose the cookie. */
            refreshToken?: string;
        };
        /**
         * @example {
         *       "from": "2026-11-22",
         *       "to": "2026-11-22",
         *       "computedAt": "2026-11-22T09:30:00.000Z",
         *       "rows": [
         *         {
         *           "day": "2026-11-22",
         *           "preliminary": true,
         *           "computedAt": "2026-11-22T09:30:00.000Z",
         *           "rotations": 811,
         *           "replays": 9,
         *           "reuses": 0,
         *           "fromTheFuture": 0
         *         }
         *       ]
         *     }
         */
        RefreshHealthReport: {
            /**
             * Format: date
             * @description The first day.
             * @example 2026-11-22
             */
            from: string;
            /**
             * Format: date
             * @description The last day.
             * @example 2026-11-22
             */
            to: string;
            /**
             * Format: date-time
             * @description When today was counted last, some minutes ago unless the job is late; null before the first time.
             * @example 2026-11-22T09:30:00.000Z
             */
            computedAt: string | null;
            rows: {
                /**
                 * Format: date
                 * @example 2026-11-22
                 */
                day: string;
                /** @description The day was not over when it was counted. */
                preliminary: boolean;
                /**
                 * Format: date-time
                 * @description When the day was counted.
                 * @example 2026-11-22T09:30:00.000Z
                 */
                computedAt: string;
                /** @description Refresh tokens that were changed for their successor. */
                rotations: number;
                /** @description Answers that were given again: two tabs, or a reply that was lost. */
                replays: number;
                /** @description Tokens that had been replaced longer ago; each ended its session. */
                reuses: number;
                /** @description Tokens that have not been given out yet: a database that was set back, or a leak. */
                fromTheFuture: number;
            }[];
        };
        /**
         * @example {
         *       "email": "mei.tanaka@example.com",
         *       "password": "plum-kettle-94-river",
         *       "displayName": "Mei Tanaka"
         *     }
         */
        Register: {
            /**
             * Format: email
             * @example mei.tanaka@example.com
             */
            email: string;
            /** @description At least 8 characters, not a common one. */
            password: string;
            /** @description The part of the address before the @ unless given. */
            displayName?: string;
            /**
             * @description How the refresh token travels: in bodies, or in the HttpOnly cookie `__Host-refresh`.
             * @default body
             * @enum {string}
             */
            transport?: "body" | "cookie";
        };
        /**
         * @example {
         *       "name": "Work laptop"
         *     }
         */
        RenamePasskey: {
            name: string;
        };
        /**
         * @example {
         *       "token": "sAkN3x0q4o2RzX0m1bqv8GkJw5cYt7uHfD9eLpIaMZE",
         *       "password": "amber-violin-51-harbour"
         *     }
         */
        ResetPassword: {
            /** @description From the link in the letter, after `#token=`. */
            token: string;
            /** @description At least 8 characters, not a common one. */
            password: string;
        };
        /**
         * @example {
         *       "attemptId": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *       "exam": {
         *         "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81",
         *         "slug": "reading-mini-1",
         *         "title": "Reading Mini Test 1",
         *         "kind": "mini"
         *       },
         *       "estimated": true,
         *       "parts": [
         *         {
         *           "part": 5,
         *           "correct": 12,
         *           "total": 15
         *         }
         *       ],
         *       "abilities": [
         *         {
         *           "ability": "R5",
         *           "correct": 9,
         *           "total": 12
         *         }
         *       ],
         *       "sections": [
         *         {
         *           "name": "reading",
         *           "raw": 12,
         *           "total": 15,
         *           "scaled": null,
         *           "band": null,
         *           "cefr": null
         *         }
         *       ],
         *       "total": {
         *         "raw": 12,
         *         "scaled": null,
         *         "band": null
         *       },
         *       "scale": null
         *     }
         */
        Result: {
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            attemptId: string;
            exam: components["schemas"]["ExamRef"];
            /**
             * @description Scaled scores of practice tests are estimates.
             * @enum {boolean}
             */
            estimated: true;
            parts: components["schemas"]["PartShare"][];
            abilities: components["schemas"]["AbilityShare"][];
            sections: {
                /** @enum {string} */
                name: "listening" | "reading";
                raw: number;
                total: number;
                /** @description Null unless the exam is a full form. */
                scaled: number | null;
                /** @description One standard error to each side. An estimate. */
                band: {
                    low: number;
                    high: number;
                } | null;
                cefr: string | null;
            }[];
            total: {
                raw: number;
                /** @description Null unless the exam is a full form. */
                scaled: number | null;
                /** @description One standard error to each side. An estimate. */
                band: {
                    low: number;
                    high: number;
                } | null;
            };
            scale: {
                id: string;
                version: number;
            } | null;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "number": 101,
         *           "choice": "A",
         *           "key": "C",
         *           "correct": false,
         *           "explanation": "“Before Friday” lies ahead, so the sentence needs a future form.",
         *           "distractors": {
         *             "A": "Does not agree with a singular subject.",
         *             "B": "A noun.",
         *             "D": "Not a finite verb."
         *           },
         *           "transcript": null,
         *           "stem": "The committee ------- the proposal before Friday.",
         *           "options": [
         *             {
         *               "label": "A",
         *               "text": "approve"
         *             },
         *             {
         *               "label": "B",
         *               "text": "approval"
         *             },
         *             {
         *               "label": "C",
         *               "text": "will approve"
         *             },
         *             {
         *               "label": "D",
         *               "text": "approving"
         *             }
         *           ],
         *           "ability": "R5",
         *           "elapsedMs": 21500
         *         }
         *       ]
         *     }
         */
        Review: {
            items: {
                number: number;
                /** @enum {string|null} */
                choice: "A" | "B" | "C" | "D" | null;
                /** @enum {string} */
                key: "A" | "B" | "C" | "D";
                correct: boolean;
                explanation: string;
                distractors: components["schemas"]["Distractors"];
                transcript: components["schemas"]["TranscriptLine"][] | null;
                stem: string | null;
                options: components["schemas"]["Option"][];
                /** @enum {string} */
                ability: "L1" | "L2" | "L3" | "L4" | "L5" | "R1" | "R2" | "R3" | "R4" | "R5";
                elapsedMs: number | null;
            }[];
        };
        /**
         * @example {
         *       "from": "2026-11-22",
         *       "to": "2026-11-22",
         *       "computedAt": "2026-11-22T09:30:00.000Z",
         *       "rows": [
         *         {
         *           "day": "2026-11-22",
         *           "preliminary": true,
         *           "computedAt": "2026-11-22T09:30:00.000Z",
         *           "reason": "logout",
         *           "sessions": 17,
         *           "accounts": 0
         *         }
         *       ]
         *     }
         */
        RevocationReport: {
            /**
             * Format: date
             * @description The first day.
             * @example 2026-11-22
             */
            from: string;
            /**
             * Format: date
             * @description The last day.
             * @example 2026-11-22
             */
            to: string;
            /**
             * Format: date-time
             * @description When today was counted last, some minutes ago unless the job is late; null before the first time.
             * @example 2026-11-22T09:30:00.000Z
             */
            computedAt: string | null;
            rows: {
                /**
                 * Format: date
                 * @example 2026-11-22
                 */
                day: string;
                /** @description The day was not over when it was counted. */
                preliminary: boolean;
                /**
                 * Format: date-time
                 * @description When the day was counted.
                 * @example 2026-11-22T09:30:00.000Z
                 */
                computedAt: string;
                /** @description Such as `logout`, `session_limit`, `refresh_reused`, `admin`. More may come. */
                reason: string;
                /** @description Sessions that were ended one by one. */
                sessions: number;
                /** @description Times that all sessions of an account were ended at once. */
                accounts: number;
            }[];
        };
        /**
         * @example {
         *       "requestId": "device-1-save-7",
         *       "revision": 6,
         *       "answers": [
         *         {
         *           "number": 3,
         *           "choice": "B"
         *         }
         *       ]
         *     }
         */
        SaveBody: {
            /** @description Made by the client, new for every save; sending it again changes nothing. */
            requestId: string;
            /** @description The last revision the client saw. */
            revision: number;
            answers: {
                /** @description Number of the item in the exam. */
                number: number;
                /**
                 * @description Null takes an answer back.
                 * @enum {string|null}
                 */
                choice: "A" | "B" | "C" | "D" | null;
                /** @description Milliseconds spent on the item in all. */
                elapsedMs?: number;
            }[];
            /** @description Where the recording is. */
            listeningPositionMs?: number;
        };
        /**
         * @example {
         *       "revision": 7,
         *       "savedAt": "2026-11-22T09:41:07.000Z",
         *       "serverTime": "2026-11-22T09:41:07.012Z",
         *       "deadlineAt": "2026-11-22T10:00:00.000Z"
         *     }
         */
        SaveReceipt: {
            revision: number;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            savedAt: string;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            serverTime: string;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            deadlineAt: string;
        };
        /**
         * @example {
         *       "type": "urn:mockingbird:error:session.not_found",
         *       "title": "There is no such session.",
         *       "status": 404,
         *       "code": "session.not_found",
         *       "requestId": "4b4f1a52-6c8e-4f2e-8a51-0c8d6c1f9a10",
         *       "current": {
         *         "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *         "examId": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81",
         *         "status": "in_progress",
         *         "startedAt": "2026-11-22T09:30:00.000Z",
         *         "deadlineAt": "2026-11-22T10:00:00.000Z",
         *         "serverTime": "2026-11-22T09:41:07.000Z",
         *         "finishedAt": null,
         *         "revision": 2,
         *         "listeningPositionMs": 0,
         *         "answers": [
         *           {
         *             "number": 1,
         *             "choice": "C"
         *           }
         *         ]
         *       }
         *     }
         */
        SaveRefused: {
            /** @description `urn:mockingbird:error:` and the code. */
            type: string;
            /** @description For people. */
            title: string;
            /** @description The HTTP status. */
            status: number;
            /** @description Stable: decide by this. */
            code: string;
            /** @description Names the request in the logs. */
            requestId: string;
            /** @description Rejected members. */
            errors?: {
                /** @description Dotted, empty for the whole. */
                path: string;
                message: string;
            }[];
            /** @description What the server holds. */
            current: components["schemas"]["Attempt"];
        } & {
            [key: string]: unknown;
        };
        /**
         * @example {
         *       "challenge": "q83vEjRWeJq83vEjRWeJ",
         *       "code": "492039"
         *     }
         */
        SecondFactorLogin: {
            challenge: string;
            /** @description Six digits of the authenticator app. */
            code?: string;
            /** @description One of the recovery codes; good once. */
            recoveryCode?: string;
            /**
             * @description How the refresh token travels: in bodies, or in the HttpOnly cookie `__Host-refresh`.
             * @default body
             * @enum {string}
             */
            transport?: "body" | "cookie";
        };
        /**
         * @example {
         *       "type": "urn:mockingbird:error:session.not_found",
         *       "title": "There is no such session.",
         *       "status": 404,
         *       "code": "session.not_found",
         *       "requestId": "4b4f1a52-6c8e-4f2e-8a51-0c8d6c1f9a10",
         *       "challenge": "q83vEjRWeJq83vEjRWeJ",
         *       "methods": [
         *         "totp",
         *         "recovery_code"
         *       ]
         *     }
         */
        SecondFactorRequired: {
            /** @description `urn:mockingbird:error:` and the code. */
            type: string;
            /** @description For people. */
            title: string;
            /** @description The HTTP status. */
            status: number;
            /** @description Stable: decide by this. */
            code: string;
            /** @description Names the request in the logs. */
            requestId: string;
            /** @description Rejected members. */
            errors?: {
                /** @description Dotted, empty for the whole. */
                path: string;
                message: string;
            }[];
            /** @description Send it back with a code within five minutes. */
            challenge?: string;
            methods?: ("totp" | "recovery_code")[];
        } & {
            [key: string]: unknown;
        };
        /**
         * @example {
         *       "totp": true,
         *       "recoveryCodesLeft": 9
         *     }
         */
        SecondFactors: {
            /** @description Whether a login needs a code of an authenticator app. */
            totp: boolean;
            recoveryCodesLeft: number;
        };
        /**
         * @example {
         *       "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *       "at": "2026-11-22T09:30:00.000Z",
         *       "kind": "login.new_device",
         *       "ip": "203.0.113.7",
         *       "device": {
         *         "name": "Firefox on Linux"
         *       },
         *       "sessionId": null,
         *       "reason": null,
         *       "byAdmin": false
         *     }
         */
        SecurityEvent: {
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            id: string;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            at: string;
            /** @description Such as `login`, `login.failed`, `password.changed`, `session.revoked`. More may come. */
            kind: string;
            ip: string | null;
            device: {
                name: string;
            } | null;
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            sessionId: string | null;
            /** @description Why sessions ended. */
            reason: string | null;
            /** @description Somebody else did it, who runs the installation. */
            byAdmin: boolean;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *           "at": "2026-11-22T09:30:00.000Z",
         *           "kind": "login.new_device",
         *           "ip": "203.0.113.7",
         *           "device": {
         *             "name": "Firefox on Linux"
         *           },
         *           "sessionId": null,
         *           "reason": null,
         *           "byAdmin": false
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        SecurityEventList: {
            items: components["schemas"]["SecurityEvent"][];
            /** @description The `cursor` of the next page; null at the end. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *       "current": true,
         *       "device": {
         *         "name": "Firefox on Linux"
         *       },
         *       "ip": "203.0.113.7",
         *       "createdAt": "2026-11-22T09:30:00.000Z",
         *       "lastSeenAt": "2026-11-22T10:05:12.000Z"
         *     }
         */
        Session: {
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            id: string;
            current: boolean;
            device: {
                name: string;
            };
            ip: string;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            lastSeenAt: string;
        };
        /**
         * @example {
         *       "from": "2026-11-22",
         *       "to": "2026-11-22",
         *       "computedAt": "2026-11-22T09:30:00.000Z",
         *       "rows": [
         *         {
         *           "day": "2026-11-22",
         *           "preliminary": true,
         *           "computedAt": "2026-11-22T09:30:00.000Z",
         *           "activeUsers": 41,
         *           "activeSessions": 52,
         *           "sessionsOpened": 30,
         *           "usersRegistered": 3,
         *           "failedLogins": 4,
         *           "limitedLogins": 0
         *         }
         *       ]
         *     }
         */
        SessionActivityReport: {
            /**
             * Format: date
             * @description The first day.
             * @example 2026-11-22
             */
            from: string;
            /**
             * Format: date
             * @description The last day.
             * @example 2026-11-22
             */
            to: string;
            /**
             * Format: date-time
             * @description When today was counted last, some minutes ago unless the job is late; null before the first time.
             * @example 2026-11-22T09:30:00.000Z
             */
            computedAt: string | null;
            rows: {
                /**
                 * Format: date
                 * @example 2026-11-22
                 */
                day: string;
                /** @description The day was not over when it was counted. */
                preliminary: boolean;
                /**
                 * Format: date-time
                 * @description When the day was counted.
                 * @example 2026-11-22T09:30:00.000Z
                 */
                computedAt: string;
                /** @description Accounts that logged in, renewed their tokens, or changed how they log in. */
                activeUsers: number;
                /** @description Sessions that were opened or renewed. */
                activeSessions: number;
                /** @description Logins. */
                sessionsOpened: number;
                usersRegistered: number;
                /** @description With a wrong address or password. */
                failedLogins: number;
                /** @description Minutes in which a limit on logins refused some, for each limit. */
                limitedLogins: number;
            }[];
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *           "current": true,
         *           "device": {
         *             "name": "Firefox on Linux"
         *           },
         *           "ip": "203.0.113.7",
         *           "createdAt": "2026-11-22T09:30:00.000Z",
         *           "lastSeenAt": "2026-11-22T10:05:12.000Z"
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        SessionList: {
            items: components["schemas"]["Session"][];
            /** @description The `cursor` of the next page; null at the end. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "from": "2026-11-22",
         *       "to": "2026-11-22",
         *       "computedAt": "2026-11-22T09:30:00.000Z",
         *       "days": 1,
         *       "activeUsers": {
         *         "average": null,
         *         "most": 41
         *       },
         *       "totals": {
         *         "sessionsOpened": 30,
         *         "usersRegistered": 3,
         *         "failedLogins": 4,
         *         "limitedLogins": 0
         *       },
         *       "refreshes": {
         *         "rotations": 811,
         *         "replays": 9,
         *         "reuses": 0,
         *         "fromTheFuture": 0
         *       },
         *       "revocations": {
         *         "sessions": 17,
         *         "accounts": 2
         *       },
         *       "suspicious": [
         *         {
         *           "kind": "password_guessing",
         *           "count": 1
         *         }
         *       ]
         *     }
         */
        SessionSummary: {
            /**
             * Format: date
             * @description The first day.
             * @example 2026-11-22
             */
            from: string;
            /**
             * Format: date
             * @description The last day.
             * @example 2026-11-22
             */
            to: string;
            /**
             * Format: date-time
             * @description When today was counted last, some minutes ago unless the job is late; null before the first time.
             * @example 2026-11-22T09:30:00.000Z
             */
            computedAt: string | null;
            /** @description Days of the range that were counted. */
            days: number;
            activeUsers: {
                /** @description Of the days that are over; null without any. */
                average: number | null;
                /** @description On one day. */
                most: number;
            };
            totals: {
                sessionsOpened: number;
                usersRegistered: number;
                failedLogins: number;
                limitedLogins: number;
            };
            refreshes: {
                rotations: number;
                replays: number;
                reuses: number;
                fromTheFuture: number;
            };
            revocations: {
                sessions: number;
                accounts: number;
            };
            suspicious: {
                /** @enum {string} */
                kind: "refresh_reused" | "refresh_from_the_future" | "passkey_copied" | "password_guessing" | "password_spraying" | "code_guessing" | "login_flood";
                count: number;
            }[];
        };
        /**
         * @example {
         *       "kid": "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
         *       "state": "active",
         *       "current": false,
         *       "createdAt": "2026-11-22T09:30:00.000Z",
         *       "activeFrom": "2026-11-22T09:30:30.000Z",
         *       "validUntil": null,
         *       "revokedAt": null
         *     }
         */
        SigningKey: {
            /**
             * @description Id of the key: the thumbprint of its public part (RFC 7638).
             * @example cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s
             */
            kid: string;
            /**
             * @description `active`: signs, or will from `activeFrom` on; `retiring`: tokens it signed are still good.
             * @enum {string}
             */
            state: "active" | "retiring" | "revoked";
            /** @description It signs now. */
            current: boolean;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            createdAt: string;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            activeFrom: string;
            /**
             * Format: date-time
             * @description When its last token has expired; it is forgotten then. Null while no later key is known.
             * @example 2026-11-22T09:30:00.000Z
             */
            validUntil: string | null;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            revokedAt: string | null;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "kid": "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
         *           "state": "active",
         *           "current": false,
         *           "createdAt": "2026-11-22T09:30:00.000Z",
         *           "activeFrom": "2026-11-22T09:30:30.000Z",
         *           "validUntil": null,
         *           "revokedAt": null
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        SigningKeyList: {
            items: components["schemas"]["SigningKey"][];
            /** @description The `cursor` of the next page; null at the end. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "password": "plum-kettle-94-river"
         *     }
         */
        StepUp: {
            /** @description Where the account has no authenticator app. */
            password?: string;
            /** @description Six digits of the authenticator app. */
            code?: string;
            /** @description One of the recovery codes; good once. */
            recoveryCode?: string;
        };
        /**
         * @example {
         *       "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *       "kind": "password_guessing",
         *       "events": 28,
         *       "firstAt": "2026-11-22T09:30:00.000Z",
         *       "lastAt": "2026-11-22T09:51:12.000Z",
         *       "userId": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81",
         *       "sessionId": null,
         *       "ip": "203.0.113.7",
         *       "device": {
         *         "name": "Firefox on Linux"
         *       }
         *     }
         */
        SuspiciousActivity: {
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            id: string;
            /** @enum {string} */
            kind: "refresh_reused" | "refresh_from_the_future" | "passkey_copied" | "password_guessing" | "password_spraying" | "code_guessing" | "login_flood";
            /** @description How many there were within the hour. */
            events: number;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            firstAt: string;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            lastAt: string;
            /**
             * Format: uuid
             * @description Null where they are of one address.
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            userId: string | null;
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            sessionId: string | null;
            /** @description Where the first came from; null once the account is deleted. */
            ip: string | null;
            /** @description What the first was sent with. */
            device: {
                name: string;
            } | null;
        };
        /**
         * @example {
         *       "items": [
         *         {
         *           "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *           "kind": "password_guessing",
         *           "events": 28,
         *           "firstAt": "2026-11-22T09:30:00.000Z",
         *           "lastAt": "2026-11-22T09:51:12.000Z",
         *           "userId": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81",
         *           "sessionId": null,
         *           "ip": "203.0.113.7",
         *           "device": {
         *             "name": "Firefox on Linux"
         *           }
         *         }
         *       ],
         *       "nextCursor": null
         *     }
         */
        SuspiciousActivityList: {
            items: components["schemas"]["SuspiciousActivity"][];
            /** @description The `cursor` of the next page; null at the end. */
            nextCursor: string | null;
        };
        /**
         * @example {
         *       "accessToken": "eyJhbGciOiJFUzI1NiIsImtpZCI6IjIwMjYtMTEifQ.eyJzdWIiOiIwMTkwYTZlMi4uLiJ9.c2lnbmF0dXJl",
         *       "refreshToken": "rt1.0.AZCm4nwffT6bGi9MXW5_gAAAAAD2l0c0k8Vq...",
         *       "tokenType": "Bearer",
         *       "expiresIn": 900,
         *       "session": {
         *         "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f81"
         *       },
         *       "user": {
         *         "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *         "email": "mei.tanaka@example.com",
         *         "displayName": "Mei Tanaka",
         *         "roles": [
         *           "learner"
         *         ],
         *         "emailVerified": true,
         *         "createdAt": "2026-11-22T09:30:00.000Z"
         *       },
         *       "deviceToken": "d1.sAkN3x0q4o2RzX0m1bqv8GkJw5cYt7uHfD9eLpIaMZEQp0Yh"
         *     }
         */
        Tokens: {
            accessToken: string;
            /** @description Null where it is in the cookie. */
            refreshToken: string | null;
            /** @enum {string} */
            tokenType: "Bearer";
            /** @description Seconds. */
            expiresIn: number;
            session: {
                /**
                 * Format: uuid
                 * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
                 */
                id: string;
            };
            user: components["schemas"]["User"];
            /** @description Not after a refresh, and not with the cookie. Keep it beyond logout, and send it with the next login. */
            deviceToken?: string;
        };
        /**
         * @example {
         *       "code": "492039"
         *     }
         */
        TotpCode: {
            /** @description Six digits of the authenticator app. */
            code: string;
        };
        /**
         * @example {
         *       "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
         *       "uri": "otpauth://totp/Mockingbird:mei.tanaka%40example.com?issuer=Mockingbird&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30"
         *     }
         */
        TotpEnrolment: {
            /** @description Base32, to type into an app that reads no QR code. */
            secret: string;
            /** @description Show it as a QR code. */
            uri: string;
        };
        TranscriptLine: {
            speaker: string;
            text: string;
            /** @description From the start of the recording. */
            startMs?: number;
            endMs?: number;
        };
        /**
         * @example {
         *       "id": "0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80",
         *       "email": "mei.tanaka@example.com",
         *       "displayName": "Mei Tanaka",
         *       "roles": [
         *         "learner"
         *       ],
         *       "emailVerified": true,
         *       "createdAt": "2026-11-22T09:30:00.000Z"
         *     }
         */
        User: {
            /**
             * Format: uuid
             * @example 0190a6e2-7c1f-7d3e-9b1a-2f4c5d6e7f80
             */
            id: string;
            /** Format: email */
            email: string;
            displayName: string;
            roles: ("learner" | "teacher" | "admin")[];
            /** @description Whether a letter to the address was answered. */
            emailVerified: boolean;
            /**
             * Format: date-time
             * @example 2026-11-22T09:30:00.000Z
             */
            createdAt: string;
        };
        /**
         * @example {
         *       "token": "sAkN3x0q4o2RzX0m1bqv8GkJw5cYt7uHfD9eLpIaMZE"
         *     }
         */
        VerifyEmail: {
            /** @description From the link in the letter, after `#token=`. */
            token: string;
        };
    };
    responses: {
        /** @description `request.invalid` (then `errors` names the members) or `request.malformed` */
        Malformed: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `auth.token_missing`, `auth.token_invalid`, `auth.token_expired` or `auth.session_revoked` */
        Unauthenticated: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `auth.role_required` */
        Forbidden: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `request.too_large` */
        TooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `request.unsupported_media_type`: Send application/json. */
        UnsupportedMediaType: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `rate_limit.exceeded`: Try again after `Retry-After` seconds. */
        TooManyRequests: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `server.unavailable` or `database.unavailable` */
        Unavailable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description Names this request in the logs. */
        "X-Request-Id": string;
        /** @description Requests left, and seconds until all are back. */
        RateLimit: string;
        /** @description Requests allowed, and in how many seconds. */
        "RateLimit-Policy": string;
        /** @description Seconds to wait before trying again. */
        "Retry-After": number;
        /** @description How to authenticate (RFC 6750). */
        "WWW-Authenticate": string;
        /** @description Version of this answer, for `If-None-Match`. */
        ETag: string;
        /** @description Seconds since the answer was stored. */
        Age: number;
        /** @description The name of a file (RFC 6266), for CSV. */
        "Content-Disposition": string;
        /** @description Whether the answer was stored (RFC 9211). */
        "Cache-Status": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    authRegister: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Register"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            400: components["responses"]["Malformed"];
            /** @description `user.email_taken` */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description `auth.weak_password` */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    authLogin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            400: components["responses"]["Malformed"];
            /** @description `auth.invalid_credentials`, or `auth.second_factor_required` with a challenge for `/auth/login/second-factor`. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["SecondFactorRequired"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    authRefresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Refresh"];
            };
        };
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            /** @description `auth.refresh_missing`: neither in the body nor in the cookie. */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `auth.refresh_invalid` or `auth.refresh_reused`: log in again. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `auth.origin_refused`: the cookie came from a page of another origin. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    authRevoke: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Refresh"];
            };
        };
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `auth.refresh_missing`: neither in the body nor in the cookie. */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `auth.origin_refused`: the cookie came from a page of another origin. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    authLogout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    authLogoutAll: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    emailVerify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyEmail"];
            };
        };
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description `auth.verification_token_invalid`: wrong, too old, or used. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    emailSendAgain: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailAccepted"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `auth.email_already_verified` */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    jwksJwks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JsonWebKeySet"];
                };
            };
            400: components["responses"]["Malformed"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    passwordForgot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForgotPassword"];
            };
        };
        responses: {
            /** @description OK. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailAccepted"];
                };
            };
            400: components["responses"]["Malformed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    passwordReset: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResetPassword"];
            };
        };
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description `auth.reset_token_invalid`: wrong, too old, or used. `auth.weak_password` */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    passwordChange: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description `auth.current_password_wrong` or `auth.weak_password` */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    secondFactorLoginLogin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecondFactorLogin"];
            };
        };
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            400: components["responses"]["Malformed"];
            /** @description `auth.second_factor_wrong`, or `auth.challenge_invalid`: begin again with the password. */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    stepUpProve: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StepUp"];
            };
        };
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description `auth.current_password_wrong`, `auth.code_wrong` or `auth.code_needed` */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    passkeyLoginChallenge: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyRequestOptions"];
                };
            };
            400: components["responses"]["Malformed"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    passkeyLoginLogin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyLogin"];
            };
        };
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
            400: components["responses"]["Malformed"];
            /** @description `auth.passkey_refused` */
            401: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    usersMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    myAccountRemove: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `auth.step_up_required` */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `account.last_admin` */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    usersChange: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeUser"];
            };
        };
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    securityEventsList: {
        parameters: {
            query?: {
                /** @description Rows of a page, 1 to 100. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecurityEventList"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    secondFactorsStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactors"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    secondFactorsBegin: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TotpEnrolment"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `auth.step_up_required` */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `auth.totp_already_on` */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    secondFactorsTurnOff: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `auth.step_up_required` */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    secondFactorsConfirm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TotpCode"];
            };
        };
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `auth.step_up_required` */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `auth.totp_already_on` or `auth.totp_not_on` */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description `auth.code_wrong` */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    secondFactorsRenew: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `auth.step_up_required` */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `auth.totp_not_on` */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    passkeysList: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyList"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    passkeysAdd: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddPasskey"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passkey"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `auth.step_up_required` */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `passkey.exists` or `passkey.too_many` */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description `passkey.invalid` */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    passkeysChallenge: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyCreationOptions"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `auth.step_up_required` */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    passkeysRemove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the passkey. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `auth.step_up_required` */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `passkey.not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    passkeysRename: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the passkey. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RenamePasskey"];
            };
        };
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passkey"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `passkey.not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    sessionsList: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    sessionsRevokeOthers: {
        parameters: {
            query: {
                /** @description Which session stays. */
                except: "current";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    sessionsRevoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the session. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `session.not_found`: it has ended, or is not mine. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    questionsList: {
        parameters: {
            query?: {
                /** @description Rows of a page, 1 to 100. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description Part, 1 to 7. */
                part?: number;
                /** @description L1-L5 in listening, R1-R5 in reading. */
                ability?: "L1" | "L2" | "L3" | "L4" | "L5" | "R1" | "R2" | "R3" | "R4" | "R5";
                /** @description 1 easy to 5 hard. */
                difficulty?: number;
                /** @description Has this tag. */
                tag?: string;
                /** @description Words in the stem, the options or the passages. */
                q?: string;
            };
            header?: {
                /** @description `ETag` of the answer you have: 304 when it is current. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    Age: components["headers"]["Age"];
                    "Cache-Status": components["headers"]["Cache-Status"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuestionList"];
                };
            };
            /** @description Your copy is current. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    Age: components["headers"]["Age"];
                    "Cache-Status": components["headers"]["Cache-Status"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    questionsCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Sending the same key again gives the same answer and changes nothing. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewQuestion"];
            };
        };
        responses: {
            /** @description It was there already; nothing was made. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuestionWithSet"];
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuestionWithSet"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `question.set_not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description `question.rules`: the rules of the part are broken. */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    questionsGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag` of the answer you have: 304 when it is current. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Id of the question. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    Age: components["headers"]["Age"];
                    "Cache-Status": components["headers"]["Cache-Status"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuestionWithSet"];
                };
            };
            /** @description Your copy is current. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    Age: components["headers"]["Age"];
                    "Cache-Status": components["headers"]["Cache-Status"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `question.not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    questionsArchive: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the question. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `question.not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    questionsChange: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the question. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeQuestion"];
            };
        };
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuestionWithSet"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `question.not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `question.changed` */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description `question.rules` */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    examsList: {
        parameters: {
            query?: {
                /** @description Rows of a page, 1 to 100. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: {
                /** @description `ETag` of the answer you have: 304 when it is current. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    Age: components["headers"]["Age"];
                    "Cache-Status": components["headers"]["Cache-Status"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExamList"];
                };
            };
            /** @description Your copy is current. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    Age: components["headers"]["Age"];
                    "Cache-Status": components["headers"]["Cache-Status"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    examsGet: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag` of the answer you have: 304 when it is current. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Id, or slug of the current form. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    Age: components["headers"]["Age"];
                    "Cache-Status": components["headers"]["Cache-Status"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Exam"];
                };
            };
            /** @description Your copy is current. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    ETag: components["headers"]["ETag"];
                    Age: components["headers"]["Age"];
                    "Cache-Status": components["headers"]["Cache-Status"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `exam.not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    examsStart: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id, or slug of the current form. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was there already; nothing was made. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Attempt"];
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Attempt"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `exam.not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `exam.closed` */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    attemptsList: {
        parameters: {
            query?: {
                /** @description Rows of a page, 1 to 100. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttemptList"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    attemptsGet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the attempt. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Attempt"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `attempt.not_found`: there is none, or it is not mine. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    attemptsSave: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the attempt. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SaveBody"];
            };
        };
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SaveReceipt"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `attempt.not_found`: there is none, or it is not mine. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `attempt.stale_revision`, `attempt.deadline_passed`, `attempt.over` or `attempt.request_id_reused`. Nothing was changed; `current` is what the server holds. */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["SaveRefused"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description `attempt.invalid_answers` */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    attemptsSubmit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the attempt. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SaveBody"];
            };
        };
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Attempt"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `attempt.not_found`: there is none, or it is not mine. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `attempt.stale_revision`, `attempt.deadline_passed`, `attempt.over` or `attempt.request_id_reused`. Nothing was changed; `current` is what the server holds. */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["SaveRefused"];
                };
            };
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            /** @description `attempt.invalid_answers` */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    attemptsResult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the attempt. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Result"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `attempt.not_found`: there is none, or it is not mine. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `attempt.in_progress` */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    attemptsReview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the attempt. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Review"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `attempt.not_found`: there is none, or it is not mine. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `attempt.in_progress` */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    progressGet: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Progress"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    signingKeysList: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SigningKeyList"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    signingKeysRotate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was there already; nothing was made. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SigningKey"];
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SigningKey"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    signingKeysRevoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the key: the thumbprint of its public part (RFC 7638). */
                kid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `signing_key.not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    adminUsersList: {
        parameters: {
            query?: {
                /** @description Rows of a page, 1 to 100. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description How the e-mail address or the name begins. */
                q?: string;
                /** @description A role they have. */
                role?: "learner" | "teacher" | "admin";
                /** @description Whether they may log in. */
                status?: "active" | "disabled";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminUserList"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    adminUsersGet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the user. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminUser"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `user.not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    adminUsersRemove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the user. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            /** @description `auth.step_up_required` */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `user.not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `admin.own_account` */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    adminUsersDisable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the user. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `user.not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `admin.own_account` */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    adminUsersEnable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the user. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `user.not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    adminUsersSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the user. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `user.not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    adminUsersRevokeSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the user. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `user.not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    adminUsersRevokeSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the user. */
                id: string;
                /** @description Id of the session. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            /** @description `session.not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    auditList: {
        parameters: {
            query?: {
                /** @description Rows of a page, 1 to 100. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description Who did it. */
                actorId?: string;
                /** @description Whose account it was done to. */
                userId?: string;
                /** @description What was done, such as `account.disabled`. */
                kind?: string;
                /** @description The first moment. */
                from?: string;
                /** @description The moment after the last. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEntryList"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    cacheStatistics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CacheStatistics"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    cacheEntries: {
        parameters: {
            query?: {
                /** @description Rows of a page, 1 to 100. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description Only entries of this namespace. */
                namespace?: string;
                /** @description Only entries that depend on this tag. */
                tag?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CacheEntryList"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    cacheInvalidate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvalidateCache"];
            };
        };
        responses: {
            /** @description Done; there is no body. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    cacheWarming: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CacheWarming"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    cacheWarm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CacheWarming"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    sessionAnalyticsSummary: {
        parameters: {
            query?: {
                /** @description The first day, in UTC; so that there are 30 unless given. */
                from?: string;
                /** @description The last day, in UTC; today unless given. At most 400 days at once. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionSummary"];
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    sessionAnalyticsActivity: {
        parameters: {
            query?: {
                /** @description The first day, in UTC; so that there are 30 unless given. */
                from?: string;
                /** @description The last day, in UTC; today unless given. At most 400 days at once. */
                to?: string;
                /** @description `csv` answers a file for spreadsheets. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Content-Disposition": components["headers"]["Content-Disposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionActivityReport"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    sessionAnalyticsRefreshes: {
        parameters: {
            query?: {
                /** @description The first day, in UTC; so that there are 30 unless given. */
                from?: string;
                /** @description The last day, in UTC; today unless given. At most 400 days at once. */
                to?: string;
                /** @description `csv` answers a file for spreadsheets. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Content-Disposition": components["headers"]["Content-Disposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RefreshHealthReport"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    sessionAnalyticsDevices: {
        parameters: {
            query?: {
                /** @description The first day, in UTC; so that there are 30 unless given. */
                from?: string;
                /** @description The last day, in UTC; today unless given. At most 400 days at once. */
                to?: string;
                /** @description `csv` answers a file for spreadsheets. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Content-Disposition": components["headers"]["Content-Disposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceReport"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    sessionAnalyticsRevocations: {
        parameters: {
            query?: {
                /** @description The first day, in UTC; so that there are 30 unless given. */
                from?: string;
                /** @description The last day, in UTC; today unless given. At most 400 days at once. */
                to?: string;
                /** @description `csv` answers a file for spreadsheets. */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Content-Disposition": components["headers"]["Content-Disposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevocationReport"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    sessionAnalyticsSuspiciousActivity: {
        parameters: {
            query?: {
                /** @description Rows of a page, 1 to 100. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description The first day, in UTC; so that there are 30 unless given. */
                from?: string;
                /** @description The last day, in UTC; today unless given. At most 400 days at once. */
                to?: string;
                /** @description `csv` answers a file for spreadsheets. */
                format?: "json" | "csv";
                /** @description Of this kind only. */
                kind?: "refresh_reused" | "refresh_from_the_future" | "passkey_copied" | "password_guessing" | "password_spraying" | "code_guessing" | "login_flood";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Content-Disposition": components["headers"]["Content-Disposition"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuspiciousActivityList"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["Malformed"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["Unavailable"];
        };
    };
    healthLive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Liveness"];
                };
            };
            400: components["responses"]["Malformed"];
            503: components["responses"]["Unavailable"];
        };
    };
    healthReady: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["Malformed"];
            /** @description Something it needs is down. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "Retry-After": components["headers"]["Retry-After"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    healthHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["Malformed"];
            503: components["responses"]["Unavailable"];
        };
    };
}

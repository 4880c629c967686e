// What signing in asks, step by step: who, a PIN, the first download; and the way back in for who has
// forgotten the PIN.

import type { PersonName } from "../../components/names.ts";
import type { Lang } from "../../i18n/catalogue.ts";

export interface SigninProps {
  readonly online: boolean;
  /** The server that this app came from: "xiangxin.example". */
  readonly server: string;
  /** Who has a store on this tablet already. */
  readonly users: readonly KnownUser[];
  readonly step: SigninStep;
  readonly onLang: (lang: Lang) => void;
}

export interface KnownUser {
  readonly username: string;
  readonly name: PersonName;
  /** To the lock of this user. */
  readonly onOpen: () => void;
}

export type SigninStep =
  | {
      readonly is: "password";
      readonly username: string;
      /** What the branch calls this tablet: a proposal. */
      readonly deviceName: string;
      readonly busy: boolean;
      readonly fault: SigninFault | null;
      readonly onSignin: (username: string, password: string, deviceName: string) => void;
      /** The sign-in of an open store has ended: where one gets on without; null for the first time. */
      readonly later: string | null;
    }
  | {
      readonly is: "pin";
      readonly name: PersonName;
      readonly busy: boolean;
      readonly fault: SigninFault | null;
      readonly onPin: (pin: string) => void;
    }
  | {
      readonly is: "download";
      readonly customers: number;
      readonly records: number;
      /** The link broke; it goes on where it stopped. */
      readonly paused: boolean;
      /** To Today, with what is there so far. */
      readonly onStart: () => void;
    }
  | {
      readonly is: "forgot";
      readonly username: string;
      readonly name: PersonName;
      readonly busy: boolean;
      readonly fault: SigninFault | null;
      readonly onRecover: (password: string, code: string, pin: string) => void;
      readonly onBack: () => void;
    };

export type SigninFault =
  | { readonly why: "password" }
  | { readonly why: "offline" }
  /** The tablet, or this name on it, belongs to somebody else. */
  | { readonly why: "other_user"; readonly name: string }
  | { readonly why: "not_field" }
  | { readonly why: "device_locked" }
  /** A supervisor has had this tablet wiped: nothing is on it any more. */
  | { readonly why: "wiped" }
  | { readonly why: "wait"; readonly seconds: number }
  | { readonly why: "code" }
  | { readonly why: "storage" }
  | { readonly why: "server" };

interface ImportMetaEnv {
  /** Of the build: the version of package.json. */
  readonly XIANGXIN_VERSION: string;
}

interface ImportMeta {
  readonly env: ImportMetaEnv;
}

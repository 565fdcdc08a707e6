/** What is imported beside code: style sheets for what they do, pictures for where they are. */
declare module "*.css";
declare module "*.svg" {
  const url: string;
  export default url;
}

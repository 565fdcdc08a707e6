export default function SignInScreen() {
  return (
    <main class="screen">
      <h1>Sign in</h1>
    </main>
  );
}

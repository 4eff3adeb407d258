// Loaded deferred, and only by pages that go on by themselves.
document.querySelector('form[data-submit-now]')?.submit();

from django import forms


class ContactForm(forms.Form):
    language = forms.ChoiceField(choices=[("en", "English"), ("es", "Español")])
    phone = forms.CharField(max_length=40, required=False)
    email = forms.EmailField(required=False)
    address = forms.CharField(max_length=300, required=False)


class PortalForm(forms.Form):
    login = forms.CharField(max_length=150)
    password = forms.CharField(
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )
